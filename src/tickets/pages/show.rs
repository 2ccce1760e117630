//! One ticket: the thread, what it is about, and the form that answers. Support also sees its notes, its
//! clocks and its canned answers.

use actix_web::web::Data;
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::PgConnection;
use serde::Deserialize;

use super::about::{Eyes, Matter, Sheet};
use super::form_key;
use crate::kernel::{CannedAnswerId, Error, Lang, Texts, UserId, dates, money_grouped};
use crate::tickets::display;
use crate::tickets::door::Door;
use crate::tickets::filter::Sight;
use crate::tickets::form;
use crate::tickets::model::{Ticket, TicketState, Visibility};
use crate::tickets::queries::{self, CannedAnswer, FileRow, MessageRow, NoteRow, StateRow};
use crate::web::ui::Badge;
use crate::web::{App, Faults, Html, Kept, Query, Shell, html, invalid};

/// What is typed below the thread.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct AnswerForm {
    pub text: String,
    pub note: String,
    pub form_id: String,
}

#[derive(Template)]
#[template(path = "tickets/show.html")]
struct ShowPage {
    shell: Shell,
    t: &'static Texts,
    /// The address of the ticket, and of the merchant's tickets.
    address: String,
    base: String,
    is_platform: bool,
    facts: Facts,
    /// What it is about, where the reader may see that.
    sheet: Option<Sheet>,
    form: AnswerForm,
    faults: Faults,
    /// The canned answer that the form was filled with.
    chosen: Option<CannedAnswerId>,
}

/// What the page reads.
struct Facts {
    ticket: Ticket,
    author: String,
    merchant: String,
    language: Lang,
    messages: Vec<MessageRow>,
    states: Vec<StateRow>,
    files: Vec<FileRow>,
    watchers: Vec<(UserId, String)>,
    team: Vec<(UserId, String)>,
    matter: Option<Matter>,
    before: Option<i64>,
    after: Vec<i64>,
    /// Set where support looks.
    support: Option<SupportFacts>,
}

/// What support alone sees.
struct SupportFacts {
    notes: Vec<NoteRow>,
    people: Vec<(UserId, String)>,
    answers: Vec<CannedAnswer>,
}

/// One line of the thread, in the order of time.
enum Entry<'a> {
    Message(&'a MessageRow),
    Note(&'a NoteRow),
    State(&'a StateRow),
}

impl Entry<'_> {
    const fn at(&self) -> DateTime<Utc> {
        match self {
            Self::Message(row) => row.at,
            Self::Note(row) => row.at,
            Self::State(row) => row.at,
        }
    }
}

/// `GET`: the ticket. `?answer=` fills the form with a canned answer.
pub async fn show(
    door: Door,
    shell: Shell,
    app: Data<App>,
    query: Query,
    Kept(kept): Kept<AnswerForm>,
) -> Html {
    let facts = facts(&door, &app).await?;
    let chosen: Option<CannedAnswerId> = query.one("answer").and_then(|id| id.parse().ok());
    let canned = facts.support.as_ref().and_then(|support| {
        support.answers.iter().find(|answer| Some(answer.id) == chosen).map(|answer| &answer.text)
    });
    let text = canned.map_or_else(String::new, |text| {
        form::filled(text, |field| match field {
            "name" => facts.author.clone(),
            "number" => facts.ticket.number.to_string(),
            "merchant" => facts.merchant.clone(),
            _ => door.principal.name.clone(),
        })
    });
    let fresh = AnswerForm { text, form_id: form_key(), ..AnswerForm::default() };
    let form = kept.filter(|kept| !kept.form_id.is_empty()).unwrap_or(fresh);
    let faults = Faults::default();
    html(&ShowPage::of(door, shell, facts, form, faults, chosen))
}

/// The same page with what was typed and what is wrong with it.
pub async fn again(door: Door, app: &App, form: AnswerForm, faults: Faults) -> Html {
    let shell = Shell::of(door.request())?;
    let facts = facts(&door, app).await?;
    invalid(&ShowPage::of(door, shell, facts, form, faults, None))
}

async fn facts(door: &Door, app: &App) -> Result<Facts, Error> {
    let (sight, merchant_id, number) = (door.sight, door.merchant_id, door.number);
    let eyes = Eyes::at(door)?;
    let read = move |conn: &mut PgConnection| {
        let ticket = queries::get(conn, sight, merchant_id, number)?;
        let (merchant, language) = queries::merchant(conn, merchant_id)?;
        let (before, after) = queries::chain(conn, sight, &ticket)?;
        let matter = match ticket.about() {
            Some(subject) => Matter::read(conn, &eyes, subject)?,
            None => None,
        };
        let support = match sight {
            Sight::Merchant(_) | Sight::Manager(_) => None,
            Sight::Support(scope) => Some(SupportFacts {
                notes: queries::notes(conn, scope, &ticket)?,
                people: queries::support_team(conn)?,
                answers: queries::canned_answers(conn, scope, Some(language))?,
            }),
        };
        Ok(Facts {
            author: queries::user_name(conn, ticket.author_id)?,
            messages: queries::messages(conn, &ticket)?,
            states: queries::states(conn, &ticket)?,
            files: queries::files(conn, &ticket)?,
            watchers: queries::watchers(conn, &ticket)?,
            team: queries::team(conn, merchant_id)?,
            merchant,
            language,
            before,
            after,
            matter,
            support,
            ticket,
        })
    };
    app.db.run(door.tenants(), read).await
}

impl ShowPage {
    fn of(
        door: Door,
        shell: Shell,
        facts: Facts,
        form: AnswerForm,
        faults: Faults,
        chosen: Option<CannedAnswerId>,
    ) -> Self {
        let is_platform = door.sight.is_platform();
        let sheet = facts.matter.as_ref().map(|matter| matter.sheet(&shell, &door));
        let Door { base, address, .. } = door;
        Self { t: shell.t, shell, address, base, is_platform, facts, sheet, form, faults, chosen }
    }

    /// Where the list is from which one comes.
    fn list(&self) -> &str {
        if self.is_support() { crate::tickets::LIST } else { &self.base }
    }

    const fn is_support(&self) -> bool {
        self.facts.support.is_some()
    }

    fn is_closed(&self) -> bool {
        self.facts.ticket.state == TicketState::Closed
    }

    fn is_solved(&self) -> bool {
        self.facts.ticket.state == TicketState::Solved
    }

    fn is_private(&self) -> bool {
        self.facts.ticket.visibility == Visibility::Private
    }

    /// Messages, notes and states, newest first. The first state is the ticket's opening.
    fn entries(&self) -> Vec<Entry<'_>> {
        let facts = &self.facts;
        let notes = facts.support.iter().flat_map(|support| &support.notes).map(Entry::Note);
        let states = facts.states.iter().skip(1).map(Entry::State);
        let mut all: Vec<Entry<'_>> =
            facts.messages.iter().map(Entry::Message).chain(states).chain(notes).collect();
        all.sort_by_key(Entry::at);
        all.reverse();
        all
    }

    fn files_of(&self, message: &MessageRow) -> Vec<&FileRow> {
        self.facts.files.iter().filter(|file| file.message_id == message.id).collect()
    }

    fn size(&self, file: &FileRow) -> String {
        let kibibytes = file.size_bytes.saturating_add(1023) / 1024;
        self.t.msg_ticket_size(money_grouped(kibibytes.unsigned_abs(), self.shell.lang))
    }

    fn badge(&self) -> Badge {
        display::badge(self.facts.ticket.state, self.t)
    }

    fn state(&self, row: &StateRow) -> Badge {
        display::badge(row.state, self.t)
    }

    fn due(&self) -> Option<Badge> {
        display::due(&self.facts.ticket, self.shell.now, self.t)
    }

    fn category(&self) -> String {
        display::category(self.facts.ticket.category, self.t)
    }

    fn priority(&self) -> String {
        display::priority(self.facts.ticket.priority, self.t)
    }

    /// Those of the team who could follow the ticket and don't yet; its author does anyway.
    fn others(&self) -> Vec<&(UserId, String)> {
        let facts = &self.facts;
        let follows = |id: UserId| {
            id == facts.ticket.author_id || facts.watchers.iter().any(|(known, _)| *known == id)
        };
        facts.team.iter().filter(|(id, _)| !follows(*id)).collect()
    }

    fn is_own(&self, id: &UserId) -> bool {
        self.shell.principal.user_id == *id
    }

    fn is_assignee(&self, id: &UserId) -> bool {
        self.facts.ticket.assignee_id == Some(*id)
    }

    /// Who has it, as the forms that change that send it along.
    fn assignee(&self) -> String {
        self.facts.ticket.assignee_id.map(|id| id.to_string()).unwrap_or_default()
    }

    fn is_mine(&self) -> bool {
        self.facts.ticket.assignee_id == Some(self.shell.principal.user_id)
    }

    fn is_chosen(&self, answer: &CannedAnswer) -> bool {
        self.chosen == Some(answer.id)
    }

    fn moment(&self, at: &DateTime<Utc>) -> String {
        dates::moment(*at, self.shell.now, self.shell.zone, self.shell.lang)
    }

    fn full(&self, at: &DateTime<Utc>) -> String {
        dates::full(*at, self.shell.zone, self.shell.lang)
    }

    fn machine(&self, at: &DateTime<Utc>) -> String {
        dates::machine(*at, self.shell.zone)
    }
}
