//! A partner is paid, and checks the statement's proof file on a machine that has nothing else.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use tributary_app::payout::{
    AccountForm, GiveBankDetails, HolderForm, PutPayerAccount, give_bank_details, put_payer_account,
};
use tributary_app::{App, Secrets};
use tributary_click::{ClickKey, ClickKeyring};
use tributary_directory::{Actor, Role};
use tributary_kernel::{SystemClock, SystemEntropy};
use tributary_testkit::HttpClient;

use crate::installation::{Installation, rows};

/// Bytes that are turned over, one at a time, spread over the file.
const FLIPS: usize = 24;

/// The bytes of a key file.
fn key(folder: &Path, name: &str) -> [u8; 32] {
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    let digits = text.trim();
    std::array::from_fn(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).unwrap())
}

/// The installation's use cases without its server: accounts are given by persons, not by API.
async fn app_of(installation: &Installation) -> App {
    let [record, touches] = installation.engines().await;
    let folder = installation.data();
    let secrets = Secrets::new(&key(&folder, "master.key"), key(&folder, "tree.key"));
    let nobodys = ClickKey { id: 0, secret: [0; 32], verify_until: None };
    let keyring = ClickKeyring::new(vec![nobodys], 0).unwrap();
    let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy));
    App::new(record, touches, clock, entropy, Arc::new(secrets), keyring)
}

/// The partner's account and the one that pays, each given by who may.
async fn give_accounts(installation: &Installation) {
    let app = app_of(installation).await;
    let partners = rows(&*app.record, "SELECT partner_id, user_id FROM partner_user").await;
    let partner = partners[0].id(0).unwrap();
    let members = rows(&*app.record, "SELECT owner_id, user_id FROM membership").await;
    let owner = members[0].id(0).unwrap();
    let account = |number: &str| AccountForm::Danish {
        registration: "0040".to_owned(),
        account: number.to_owned(),
    };
    let holder = |name: &str| HolderForm {
        name: name.to_owned(),
        town: "Aarhus".to_owned(),
        country: "DK".to_owned(),
        ..HolderForm::default()
    };
    let anna = Actor::Partner { user: partners[0].id(1).unwrap(), partner };
    let details =
        GiveBankDetails { partner, account: account("440116243"), holder: holder("Anna Holm") };
    give_bank_details(&app, &anna, details).await.unwrap();
    let mette = Actor::Member { user: members[0].id(1).unwrap(), owner, role: Role::Administrator };
    let payer = PutPayerAccount {
        owner,
        currency: "DKK".parse().unwrap(),
        account: account("440000001"),
        holder: holder("Acme"),
        bic: None,
        number_at_bank: None,
    };
    put_payer_account(&app, &mette, payer).await.unwrap();
}

async fn post(api: &mut HttpClient, path: &str, body: Value) -> Value {
    let answer = api.post(path, None, &body).await.unwrap();
    assert!(matches!(answer.status, 200 | 201), "{path}: {answer:?}");
    answer.json()
}

/// Approves what was sold, and pays it; the payout.
async fn pay(installation: &Installation, api: &mut HttpClient) -> String {
    let approved = json!({ "step": "approve", "filter": {} });
    let approved = post(api, "/v1/commissions/bulk", approved).await;
    assert_eq!(approved["results"].as_array().map(Vec::len), Some(1), "{approved:#}");
    give_accounts(installation).await;
    let program = &installation.program;
    let preview = format!("/v1/payout_runs/preview?program={program}");
    let preview = api.get(&preview).await.unwrap().json();
    assert_eq!(preview["payouts"].as_array().map(Vec::len), Some(1), "{preview:#}");
    let seen = json!({ "program": program, "seen": preview["seen"] });
    let made = post(api, "/v1/payout_runs", seen).await;
    let run = made["run"]["id"].as_str().expect("a run");
    post(api, &format!("/v1/payout_runs/{run}/sent"), json!({})).await;
    post(api, &format!("/v1/payout_runs/{run}/paid"), json!({})).await;
    made["payouts"][0]["id"].as_str().expect("a payout").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_downloaded_proof_file_is_checked_where_there_is_nothing_else() {
    let installation = Installation::with_a_link("").await;
    let mut serving = installation.serve().await;
    let click = installation.click(serving.edge).await.expect("the edge serves");
    let conversion = installation.sell(serving.web, "1009", click).await;
    installation.recorded(serving.web, &conversion).await;
    let mut api = installation.api(serving.web);
    let payout = pay(&installation, &mut api).await;
    let path = format!("/v1/payouts/{payout}/statement/proof");
    let nobody = HttpClient::new(serving.web).get(&path).await.unwrap();
    assert_eq!(nobody.status, 401, "{nobody:?}");
    let answer = api.get(&path).await.unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
    let name = format!("attachment; filename=\"{payout}-proof.json\"");
    assert_eq!(answer.header("content-disposition"), Some(name.as_str()));
    let again = api.get(&path).await.unwrap();
    assert_eq!(again.body, answer.body, "the same bytes whenever it is asked for");
    assert!(serving.process.stop().await.success());
    installation.verify();

    let file = installation.beside("proof.json");
    let shown = file.display().to_string();
    std::fs::write(&file, &answer.body).unwrap();
    let output = Installation::run_elsewhere(&["verify-statement", &shown]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(said.contains("Everything holds.") && said.contains("200.00 DKK"), "{said}");

    let whole = answer.body;
    for flip in 0..FLIPS {
        let place = flip * (whole.len() - 1) / (FLIPS - 1);
        let mut bytes = whole.clone();
        bytes[place] ^= 1;
        std::fs::write(&file, &bytes).unwrap();
        let output = Installation::run_elsewhere(&["verify-statement", &shown]);
        let code = output.status.code();
        assert!(matches!(code, Some(1 | 2)), "byte {place} of {}: {output:?}", whole.len());
    }
}
