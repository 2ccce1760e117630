//! Visits of the pay link: what each was taken for, and how the timeline tells them. Pure.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::display::TimelineEntry;
use super::queries::{EventKind, EventRow};
use crate::db::columns::text_column;
use crate::db::schema::pay_link_visits;
use crate::kernel::Texts;
use crate::web::Shell;
use crate::web::ui::Icon;

/// Visits of one payment that are kept; later ones are only counted.
pub const VISITS_MAX: i32 = 100;

text_column! {
    /// Who a visitor is taken for.
    VisitKind {
        Person = "person",
        /// A program: a mail scanner, a link preview, a browser that looks ahead.
        Scanner = "scanner",
        /// It behaves like a person's browser, sooner than a person reads.
        Unsure = "unsure",
    }
}

text_column! {
    /// The rule that decided what a visit is taken for (docs/decisions/0012).
    VisitReason {
        /// A browser went to the page as browsers do when somebody follows a link.
        Navigation = "navigation",
        /// HEAD: the page itself was not asked for.
        HeadOnly = "head_only",
        /// It says that it only looks ahead: `Purpose`, `Sec-Purpose`, `X-Moz`.
        LooksAhead = "looks_ahead",
        /// No `User-Agent`.
        NoAgent = "no_agent",
        /// It calls itself by the name of a scanner, a preview or a program.
        KnownAgent = "known_agent",
        /// `Sec-Fetch-Mode` or `Sec-Fetch-Dest` say that nobody followed a link.
        NoNavigation = "no_navigation",
        /// It calls itself a browser that always sends `Sec-Fetch-Mode`, and sends none.
        NoFetchMetadata = "no_fetch_metadata",
        /// No `Accept-Language`, which every browser sends.
        NoLanguage = "no_language",
        /// Within seconds of the mail's acceptance by the server.
        TooSoon = "too_soon",
    }
}

impl VisitReason {
    #[must_use]
    pub const fn kind(self) -> VisitKind {
        match self {
            Self::Navigation => VisitKind::Person,
            Self::TooSoon => VisitKind::Unsure,
            Self::HeadOnly
            | Self::LooksAhead
            | Self::NoAgent
            | Self::KnownAgent
            | Self::NoNavigation
            | Self::NoFetchMetadata
            | Self::NoLanguage => VisitKind::Scanner,
        }
    }

    fn words(self, t: &Texts) -> String {
        match self {
            Self::Navigation => String::new(),
            Self::HeadOnly => t.msg_visit_head_only(),
            Self::LooksAhead => t.msg_visit_looks_ahead(),
            Self::NoAgent => t.msg_visit_no_agent(),
            Self::KnownAgent => t.msg_visit_known_agent(),
            Self::NoNavigation => t.msg_visit_no_navigation(),
            Self::NoFetchMetadata => t.msg_visit_no_fetch_metadata(),
            Self::NoLanguage => t.msg_visit_no_language(),
            Self::TooSoon => t.msg_visit_too_soon(),
        }
    }
}

/// One visit. What it is taken for follows from the reason; the table keeps both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = pay_link_visits)]
pub struct VisitRow {
    pub at: DateTime<Utc>,
    pub why: VisitReason,
}

/// The timeline, newest first: what happened, and the visits among it. The first opening stands in
/// both: here as a visit.
pub fn timeline(events: &[EventRow], visits: &[VisitRow], shell: &Shell) -> Vec<TimelineEntry> {
    let is_visit = |event: &&EventRow| {
        event.kind == EventKind::Opened && visits.iter().any(|visit| visit.at == event.at)
    };
    let others = events.iter().filter(|event| !is_visit(event));
    among(others.map(|event| TimelineEntry::of(event, shell)).collect(), visits, shell.t)
}

/// Visits of the same kind with nothing between them are one entry, so that a scanner does not bury
/// what matters.
fn among(entries: Vec<TimelineEntry>, visits: &[VisitRow], t: &Texts) -> Vec<TimelineEntry> {
    let mut all = Vec::with_capacity(entries.len() + visits.len());
    let mut left = visits;
    for entry in entries {
        // What happened at the same moment came after the visit, or because of it.
        let newer = left.iter().take_while(|visit| visit.at > entry.at).count();
        let (between, rest) = left.split_at(newer);
        all.extend(told(between, t));
        all.push(entry);
        left = rest;
    }
    all.extend(told(left, t));
    all
}

/// Visits that follow each other, as entries.
fn told(visits: &[VisitRow], t: &Texts) -> Vec<TimelineEntry> {
    visits
        .chunk_by(|one, other| one.why.kind() == other.why.kind())
        .filter_map(|group| {
            let (newest, count) = (group.first()?, group.len());
            let (icon, tone, title) = match newest.why.kind() {
                VisitKind::Person => ("eye", "", t.msg_visit_person(count)),
                VisitKind::Scanner => ("settings", "quiet", t.msg_visit_automatic(count)),
                VisitKind::Unsure => ("eye", "quiet", t.msg_visit_unsure(count)),
            };
            let mut whys: Vec<VisitReason> = Vec::new();
            for visit in group {
                if !whys.contains(&visit.why) {
                    whys.push(visit.why);
                }
            }
            let words: Vec<String> = whys.into_iter().map(|why| why.words(t)).collect();
            Some(TimelineEntry {
                icon: Icon(icon),
                tone,
                title,
                words: words.join(" · "),
                at: newest.at,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Lang;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_764_000_000 + second, 0).unwrap()
    }

    fn entry(second: i64) -> TimelineEntry {
        TimelineEntry {
            icon: Icon("send"),
            tone: "",
            title: format!("{second}"),
            words: String::new(),
            at: at(second),
        }
    }

    #[test]
    fn visits_stand_where_they_happened_and_like_ones_together() {
        let visit = |second, why| VisitRow { at: at(second), why };
        let visits = [
            visit(50, VisitReason::Navigation),
            visit(35, VisitReason::Navigation),
            visit(30, VisitReason::KnownAgent),
            visit(25, VisitReason::HeadOnly),
            visit(24, VisitReason::KnownAgent),
            visit(12, VisitReason::TooSoon),
        ];
        let all = among(vec![entry(40), entry(20), entry(10)], &visits, Lang::En.texts());
        let told: Vec<_> = all.iter().map(|entry| (entry.at - at(0)).num_seconds()).collect();
        assert_eq!(told, [50, 40, 35, 30, 20, 12, 10]);
        assert!(all[3].title.contains('3'), "{}", all[3].title);
        assert_eq!(all[3].words.matches(" · ").count(), 1, "each reason once: {}", all[3].words);
        assert!(among(Vec::new(), &[], Lang::En.texts()).is_empty());
    }

    #[test]
    fn only_who_navigates_is_a_person() {
        for why in VisitReason::ALL {
            let is_person = why.kind() == VisitKind::Person;
            assert_eq!(is_person, *why == VisitReason::Navigation, "{why:?}");
            assert_eq!(is_person, why.words(Lang::It.texts()).is_empty(), "{why:?}");
        }
    }
}
