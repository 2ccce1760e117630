//! Tickets of the demo: each merchant asks a few things in its language; the last one asks for a
//! success manager.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::Seed;
use crate::db::schema::{ticket_messages, ticket_states, tickets, users};
use crate::kernel::{Error, Lang, MerchantId, TicketId, TicketMessageId, UserId};

/// Words in Italian, English, Spanish and French.
type Words = [&'static str; 4];

struct Ask {
    category: &'static str,
    priority: &'static str,
    state: &'static str,
    hours_ago: i64,
    subject: Words,
    text: Words,
    /// What support said, where it did.
    answer: Option<Words>,
}

const ASKS: [Ask; 3] = [
    Ask {
        category: "accounting",
        priority: "low",
        state: "closed",
        hours_ago: 900,
        subject: [
            "Intestazione della fattura",
            "Name on the invoice",
            "Datos de la factura",
            "Nom sur la facture",
        ],
        text: [
            "Abbiamo cambiato sede: dove si cambia l’indirizzo in fattura?",
            "We have moved: where can the address on the invoice be changed?",
            "Hemos cambiado de sede: ¿dónde se cambia la dirección de la factura?",
            "Nous avons déménagé : où changer l’adresse sur la facture ?",
        ],
        answer: Some([
            "È cambiato: dalla prossima fattura vale il nuovo indirizzo.",
            "It is changed: the next invoice has the new address.",
            "Ya está cambiada: la próxima factura lleva la nueva dirección.",
            "C’est changé : la prochaine facture portera la nouvelle adresse.",
        ]),
    },
    Ask {
        category: "email_payments",
        priority: "normal",
        state: "waiting_merchant",
        hours_ago: 30,
        subject: [
            "Un cliente non riceve l’e-mail",
            "A customer gets no email",
            "Un cliente no recibe el correo",
            "Un client ne reçoit pas l’e-mail",
        ],
        text: [
            "Abbiamo inviato due volte la richiesta e non arriva nulla.",
            "We have sent the request twice and nothing arrives.",
            "Hemos enviado la solicitud dos veces y no llega nada.",
            "Nous avons envoyé la demande deux fois et rien n’arrive.",
        ],
        answer: Some([
            "Il server del cliente la rifiuta: ha un altro indirizzo?",
            "The customer’s server refuses it: is there another address?",
            "El servidor del cliente lo rechaza: ¿tiene otra dirección?",
            "Le serveur du client le refuse : a-t-il une autre adresse ?",
        ]),
    },
    Ask {
        category: "technical",
        priority: "high",
        state: "open",
        hours_ago: 3,
        subject: [
            "Pagina di pagamento lenta da stamattina",
            "Payment page slow since this morning",
            "Página de pago lenta desde esta mañana",
            "Page de paiement lente depuis ce matin",
        ],
        text: [
            "I clienti aspettano circa dieci secondi prima di vedere i campi della carta.",
            "Customers wait about ten seconds before they see the card’s fields.",
            "Los clientes esperan unos diez segundos antes de ver los campos de la tarjeta.",
            "Les clients attendent une dizaine de secondes avant de voir les champs de la carte.",
        ],
        answer: None,
    },
];

const ASKS_FOR_MANAGER: Ask = Ask {
    category: "success_manager",
    priority: "normal",
    state: "open",
    hours_ago: 5,
    subject: ["Chi ci segue?", "Who looks after us?", "¿Quién nos atiende?", "Qui nous suit ?"],
    text: [
        "Vorremmo parlare di Alipay+ con qualcuno.",
        "We would like to talk to somebody about Alipay+.",
        "Nos gustaría hablar con alguien sobre Alipay+.",
        "Nous aimerions parler d’Alipay+ avec quelqu’un.",
    ],
    answer: None,
};

/// Opens the tickets of one merchant; `is_managed`: somebody looks after it.
pub fn add(
    conn: &mut PgConnection,
    seed: &Seed,
    merchant_id: MerchantId,
    author_id: UserId,
    is_managed: bool,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let support: UserId =
        users::table.filter(users::subject.eq("tom")).select(users::id).first(conn)?;
    let asks = if is_managed { &ASKS[..] } else { std::slice::from_ref(&ASKS_FOR_MANAGER) };
    for (number, ask) in (1_i64..).zip(asks) {
        let area = Area { merchant_id, author_id, support, language: seed.language, now };
        area.open(conn, number, ask)?;
    }
    Ok(())
}

struct Area {
    merchant_id: MerchantId,
    author_id: UserId,
    support: UserId,
    language: Lang,
    now: DateTime<Utc>,
}

impl Area {
    fn words(&self, words: &Words) -> &'static str {
        let [it, en, es, fr] = *words;
        match self.language {
            Lang::It => it,
            Lang::En => en,
            Lang::Es => es,
            Lang::Fr => fr,
        }
    }

    fn open(&self, conn: &mut PgConnection, number: i64, ask: &Ask) -> Result<(), Error> {
        let (id, asked_at) = (TicketId::new(), self.now - Duration::hours(ask.hours_ago));
        let answered_at = ask.answer.map(|_| asked_at + Duration::hours(1));
        let is_owed = ask.state == "open";
        diesel::insert_into(tickets::table)
            .values((
                tickets::merchant_id.eq(self.merchant_id),
                tickets::id.eq(id),
                tickets::number.eq(number),
                tickets::category.eq(ask.category),
                tickets::priority.eq(ask.priority),
                tickets::subject.eq(self.words(&ask.subject)),
                tickets::phone.eq(""),
                tickets::visibility.eq("company"),
                (
                    tickets::state.eq(ask.state),
                    tickets::state_at.eq(answered_at.unwrap_or(asked_at)),
                    tickets::author_id.eq(self.author_id),
                    tickets::assignee_id.eq(answered_at.map(|_| self.support)),
                    tickets::created_at.eq(asked_at),
                    tickets::answered_at.eq(answered_at.unwrap_or(asked_at)),
                    tickets::first_answer_due_at.eq(asked_at + Duration::hours(4)),
                    tickets::first_answered_at.eq(answered_at),
                    tickets::solution_due_at.eq(is_owed.then(|| asked_at + Duration::hours(48))),
                    tickets::solution_left_seconds.eq((!is_owed).then_some(3_600)),
                ),
            ))
            .execute(conn)?;
        self.say(conn, id, self.author_id, false, self.words(&ask.text), asked_at)?;
        self.reach(conn, id, "open", asked_at)?;
        if let (Some(answer), Some(at)) = (&ask.answer, answered_at) {
            self.say(conn, id, self.support, true, self.words(answer), at)?;
            self.reach(conn, id, ask.state, at)?;
        }
        Ok(())
    }

    fn say(
        &self,
        conn: &mut PgConnection,
        ticket_id: TicketId,
        author_id: UserId,
        by_support: bool,
        text: &str,
        at: DateTime<Utc>,
    ) -> Result<(), Error> {
        diesel::insert_into(ticket_messages::table)
            .values((
                ticket_messages::merchant_id.eq(self.merchant_id),
                ticket_messages::ticket_id.eq(ticket_id),
                ticket_messages::id.eq(TicketMessageId::new()),
                ticket_messages::author_id.eq(author_id),
                ticket_messages::by_support.eq(by_support),
                ticket_messages::text.eq(text),
                ticket_messages::at.eq(at),
                ticket_messages::form_id.eq(Uuid::new_v4()),
            ))
            .execute(conn)?;
        Ok(())
    }

    fn reach(
        &self,
        conn: &mut PgConnection,
        ticket_id: TicketId,
        state: &str,
        at: DateTime<Utc>,
    ) -> Result<(), Error> {
        diesel::insert_into(ticket_states::table)
            .values((
                ticket_states::merchant_id.eq(self.merchant_id),
                ticket_states::ticket_id.eq(ticket_id),
                ticket_states::id.eq(TicketMessageId::new()),
                ticket_states::state.eq(state),
                ticket_states::at.eq(at),
            ))
            .execute(conn)?;
        Ok(())
    }
}
