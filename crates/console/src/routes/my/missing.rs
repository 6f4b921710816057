use axum::extract::State;
use tributary_app::missing::{Clue, ask_for_sale};
use tributary_web::CheckedForm;

use super::Pocket;
use crate::pages::PartnerMissing;
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, mendable};
use crate::routes::given::Given;
use crate::routes::missing::{Side, form, put_refusal, question, shown};
use crate::routes::visit::encoded;

pub(in crate::routes) async fn get(State(_): State<ConsoleState>, pocket: Pocket) -> Answer {
    let form = form(&pocket.frame(), None);
    Ok(pocket.page(PartnerMissing { form, answer: None }))
}

/// A question is posted: an address must not hold what somebody typed about a customer.
pub(in crate::routes) async fn post(
    State(state): State<ConsoleState>,
    pocket: Pocket,
    given: CheckedForm,
) -> Answer {
    let given = Given::from(given);
    let frame = pocket.frame();
    let mut form = form(&frame, Some(&given));
    let asked = question(&given, None);
    match ask_for_sale(state.app(), &pocket.actor, &asked).await {
        Ok(answer) => {
            let mut answer = shown(state.app(), &frame, &Side::Partner, answer).await?;
            if let Clue::Order(order) = &asked.clue {
                answer.ask_href = Some(format!("/my/inquiries/new?order={}", encoded(order)));
            }
            Ok(pocket.page(PartnerMissing { form, answer: Some(answer) }))
        }
        Err(error) => {
            let flash = put_refusal(&mendable(error)?, &mut form);
            Ok(pocket.refused(PartnerMissing { form, answer: None }, flash))
        }
    }
}
