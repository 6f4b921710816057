use axum::extract::State;
use tributary_app::missing::ask_for_sale;
use tributary_web::CheckedForm;

use super::Desk;
use crate::pages::ManagerMissing;
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, mendable};
use crate::routes::given::Given;
use crate::routes::missing::{Side, form, put_refusal, question, shown};

pub(in crate::routes) async fn get(State(_): State<ConsoleState>, desk: Desk) -> Answer {
    let form = form(&desk.frame(), None);
    Ok(desk.page(ManagerMissing { form, answer: None }))
}

pub(in crate::routes) async fn post(
    State(state): State<ConsoleState>,
    desk: Desk,
    given: CheckedForm,
) -> Answer {
    let given = Given::from(given);
    let frame = desk.frame();
    let mut form = form(&frame, Some(&given));
    let asked = question(&given, Some(desk.program.id));
    match ask_for_sale(state.app(), &desk.actor, &asked).await {
        Ok(answer) => {
            let base = desk.at("");
            let side = Side::Manager { base: &base };
            let answer = shown(state.app(), &frame, &side, answer).await?;
            Ok(desk.page(ManagerMissing { form, answer: Some(answer) }))
        }
        Err(error) => {
            let flash = put_refusal(&mendable(error)?, &mut form);
            Ok(desk.refused(ManagerMissing { form, answer: None }, flash))
        }
    }
}
