//! What was laid out, as a file.

use std::num::NonZeroU16;

use chrono::Datelike as _;
use krilla::color::rgb;
use krilla::configure::{Configuration, Validator};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::tagging::{
    ArtifactType, ContentTag, Identifier, Node, SpanTag, TableHeaderScope, Tag, TagGroup, TagKind,
    TagTree,
};
use krilla::{Document, SerializeSettings};

use super::Paper;
use super::compose::{Color, HEIGHT, Inside, Layout, Op, Part, Role, WIDTH};
use super::fonts::Faces;
use crate::kernel::Error;

pub fn bytes(paper: &Paper, faces: &Faces, layout: Layout) -> Result<Vec<u8>, Error> {
    let settings = SerializeSettings {
        configuration: Configuration::new_with_validator(Validator::UA1),
        ..SerializeSettings::default()
    };
    let mut document = Document::new_with(settings);
    let mut leaves: Vec<Option<Identifier>> = vec![None; layout.leaves];
    for ops in &layout.pages {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT)
            .ok_or_else(|| Error::internal("a page without size"))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for op in ops {
            draw(&mut surface, faces, op, &mut leaves);
        }
        surface.finish();
        page.finish();
    }
    let mut outline = Outline::new();
    for (words, page, y) in layout.sections {
        let place = XyzDestination::new(page, Point::from_xy(0.0, y));
        outline.push_child(OutlineNode::new(words, place));
    }
    document.set_outline(outline);
    document.set_metadata(metadata(paper));
    let mut tree = TagTree::new().with_lang(Some(paper.lang.code().to_owned()));
    for part in &layout.parts {
        tree.push(group(part, &leaves));
    }
    document.set_tag_tree(tree);
    document.finish().map_err(|error| Error::internal(format!("a PDF: {error:?}")))
}

fn metadata(paper: &Paper) -> Metadata {
    let day = paper.issued_on;
    let date = DateTime::new(u16::try_from(day.year()).unwrap_or_default())
        .month(u8::try_from(day.month()).unwrap_or(1))
        .day(u8::try_from(day.day()).unwrap_or(1));
    Metadata::new()
        .title(paper.title.clone())
        .language(paper.lang.code().to_owned())
        .authors(vec![paper.author.clone()])
        .creator("Central".to_owned())
        .creation_date(date)
}

fn draw(surface: &mut Surface<'_>, faces: &Faces, op: &Op, leaves: &mut [Option<Identifier>]) {
    match op {
        Op::Text { leaf, x, y, size, weight, color, run } => {
            let tag = match leaf {
                Some(_) => ContentTag::Span(SpanTag::empty()),
                None => ContentTag::Artifact(ArtifactType::Page),
            };
            let identifier = surface.start_tagged(tag);
            if let Some(slot) = leaf.and_then(|leaf| leaves.get_mut(leaf)) {
                *slot = Some(identifier);
            }
            surface.set_fill(Some(fill(*color)));
            let font = faces.font(*weight);
            let start = Point::from_xy(*x, *y);
            surface.draw_glyphs(start, &run.glyphs, font, &run.text, *size, false);
            surface.end_tagged();
        }
        Op::Rule { x, y, length, thickness, color } => {
            area(surface, Rect::from_xywh(*x, *y, *length, *thickness), *color);
        }
        Op::Area { x, y, width, height, color } => {
            area(surface, Rect::from_xywh(*x, *y, *width, *height), *color);
        }
    }
}

fn area(surface: &mut Surface<'_>, rect: Option<Rect>, color: Color) {
    let mut path = PathBuilder::new();
    if let Some(rect) = rect {
        path.push_rect(rect);
    }
    let Some(path) = path.finish() else { return };
    surface.start_tagged(ContentTag::Artifact(ArtifactType::Other));
    surface.set_fill(Some(fill(color)));
    surface.draw_path(&path);
    surface.end_tagged();
}

fn fill(color: Color) -> Fill {
    let Color(red, green, blue) = color;
    Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        opacity: NormalizedF32::ONE,
        rule: FillRule::default(),
    }
}

/// A part and what is in it, as tags.
fn group(part: &Part, leaves: &[Option<Identifier>]) -> TagGroup {
    let mut group = TagGroup::new(tag(&part.role));
    for inside in &part.inside {
        match inside {
            Inside::Part(part) => group.push(self::group(part, leaves)),
            Inside::Leaf(leaf) => {
                if let Some(identifier) = leaves.get(*leaf).copied().flatten() {
                    group.push(Node::Leaf(identifier));
                }
            }
        }
    }
    group
}

fn tag(role: &Role) -> TagKind {
    match role {
        Role::Heading(level, words) => {
            let level = NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN);
            Tag::Hn(level, Some(words.clone())).into()
        }
        Role::Paragraph => Tag::P.into(),
        Role::Group => Tag::Div.into(),
        Role::Table(summary) => Tag::Table.with_summary(Some(summary.clone())).into(),
        Role::HeadRows => Tag::THead.into(),
        Role::BodyRows => Tag::TBody.into(),
        Role::Row => Tag::TR.into(),
        Role::ColumnHead => Tag::TH(TableHeaderScope::Column).into(),
        Role::RowHead => Tag::TH(TableHeaderScope::Row).into(),
        Role::Cell => Tag::TD.into(),
    }
}
