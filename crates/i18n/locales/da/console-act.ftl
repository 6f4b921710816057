### What pages say about acts: what they do, what was done, and why not.

seat-change = Arbejd for { $name }
log-in-link-how = Du har åbnet linket fra vores mail. Et tryk mere, og du er inde.
program-new-title = Et nyt program
field-country = Land
field-country-hint = To bogstaver, for eksempel DK.
waiting-quarantined =
    { $count ->
        [one] { $count } indberetning kunne ikke bruges
       *[other] { $count } indberetninger kunne ikke bruges
    }
conversion-declined = Afvist
explanation-times =
    { $count ->
        [one] { $count } gang
       *[other] { $count } gange
    }
reason-click-decides = Her afgør et klik, og det var der.
reason-assigned = Kunden hørte allerede til en partner og bliver dér.
reason-after-conversion = Det kom efter købet.
reason-not-used = Programmet knytter ikke kunder til deres partner.
reason-unrecorded = Vi har ikke klikket i vores optegnelser; et menneske ser på det først.
reason-rejected = Et menneske har set på det, og det tæller ikke.
reason-not-first = Kun kundens første betales der for.
reason-months-over = De måneder, hvor kunden giver kommission, er gået.
reason-earlier-rule = En tidligere linje i planen afgjorde det.
reason-closer-rule = En linje for denne partner, dens gruppe eller kampagnen betaler i stedet.
reason-better-rule = En anden linje i planen betaler mere.
reason-other-scope = Linjen gælder en anden partner, gruppe eller kampagne.
reason-other-option = Linjen gælder partnere, der har valgt en anden mulighed.
reason-condition = En betingelse i linjen er ikke opfyldt.
reason-subscription-ended = Kunden havde opsagt og er kommet tilbage; så betaler linjen ikke mere.
reason-once-already = Der er allerede betalt for denne virksomhed eller kunde.
reason-customers-full = Linjen betaler for de første { $of } kunder, og så mange var der allerede.
reason-cap-reached = Loftet for linjen eller planen var brugt op.
explanation-items = { $lines } af ordrens { $of } linjer tæller
explanation-tier = Trin { $step } på skalaen
explanation-piece = { $rate } af denne del
explanation-month = Én af de { $of } betalte måneder
explanation-year = Et år med sådanne betalinger
explanation-bounded = Sat til linjens mindste eller største beløb
explanation-capped = Hvad loftet lod tilbage
reason-nothing = Det blev til mindre end det mindste beløb, der findes.
reason-no-plan = Programmet havde ingen plan på det tidspunkt.
reason-nobody = Ingen partner blev krediteret.
settle-title = Denne konvertering venter på dig
settle-body = Den nævner et klik fra et øjeblik, hvor klik gik tabt, så vi kan ikke bevise det. Tæller det?
settle-accept = Det tæller
settle-reject = Det tæller ikke
field-paused = Sat på pause
field-paused-hint = Links fører stadig et sted hen, men klik giver intet fra nu af.
plan-unusual = Planen kan bruges, men se på dette først
plan-save-unusual = Gem den, som den er
settings-account = Konto
go-live = Gå i drift
go-live-effect = Alle konverteringer og kommissioner fra testtilstand slettes. Derefter er beløb rigtige og bliver betalt. Der er ingen vej tilbage til testtilstand.
scope-postback = Indberette via adresse (postback)
take-back = Træk godkendelsen tilbage
take-back-question =
    { $count ->
        [one] Træk godkendelsen af { $count } kommission tilbage
       *[other] Træk godkendelsen af { $count } kommissioner tilbage
    }
take-back-effect = { $amount } venter igen på en afgørelse.
take-back-go = Træk { $count } tilbage
invite-again = Send invitationen igen
decline-fraud = Svindel
decline-mistake = Bogført ved en fejl
decline-other = En anden grund; spørg programmet
decline-refund = Kunden fik pengene tilbage
decline-chargeback = Kundens bank trak pengene tilbage
decline-left-early = Kunden gik for tidligt
event-click = Klik
event-sale = Salg
event-renewal = Fornyelse
event-upgrade = Opgradering
event-subscription = Abonnement
event-lead = Lead
event-qualified-lead = Kvalificeret lead
event-signup = Tilmelding
event-trial = Prøveperiode
event-demo = Demo
event-meeting = Møde
rule-once = kun kundens første
rule-months =
    { $count ->
        [one] i { $count } måned
       *[other] i { $count } måneder
    }
rule-payments =
    { $count ->
        [one] for { $count } betaling
       *[other] for { $count } betalinger
    }
rule-life = så længe kunden betaler
rule-of-net = af nettobeløbet
rule-of-margin = af avancen
rule-of-contracted = af det første års værdi som aftalt
rule-of-expected = af, hvad et år med sådanne betalinger giver
rule-of-increase = af det, betalingen er vokset med
rule-of-one-month = af én måned af betalingen
rule-when = hvis { $condition }
rule-group = for gruppen { $group }
rule-and = og
rule-or = eller
rule-more = og flere vilkår i planen
rule-contains = indeholder
rule-starts = begynder med
rule-ends = ender på
rule-multiple-of = er et multiplum af
rule-amount = { $amount }
rule-day = { $date }
rule-cap = højst { $amount } { $of ->
        [order] pr. ordre
        [customer] pr. kunde
        [program] i alt
       *[partner] pr. partner
    } { $per ->
        [day] og dag
        [month] og måned
        [quarter] og kvartal
        [year] og år
       *[life] {""}
    }
rule-per-item = for hver enhed
rule-grade = karakter { $grade }
rule-from-month = fra måned { $month }
rule-from-count =
    { $per ->
        [day] fra nummer { $from } på en dag
        [month] fra nummer { $from } i en måned
        [quarter] fra nummer { $from } i et kvartal
        [year] fra nummer { $from } i et år
       *[life] fra nummer { $from }
    }
rule-from-revenue =
    { $per ->
        [day] over { $from } i salg på en dag
        [month] over { $from } i salg på en måned
        [quarter] over { $from } i salg på et kvartal
        [year] over { $from } i salg på et år
       *[life] over { $from } i salg i alt
    }
rule-from-commission =
    { $per ->
        [day] over { $from } i kommission på en dag
        [month] over { $from } i kommission på en måned
        [quarter] over { $from } i kommission på et kvartal
        [year] over { $from } i kommission på et år
       *[life] over { $from } i kommission i alt
    }
done-program-made = Programmet er oprettet. Det er i testtilstand, indtil du går i drift.
done-invited = Invitationen er sendt.
done-link-made = Linket er oprettet og virker inden for et sekund.
done-settled = Det er afgjort.
done-bank-confirmed = Den nye konto er i brug fra nu af.
done-bank-refused = Den nye konto er afvist.
done-approved =
    { $count ->
        [one] { $count } kommission er godkendt.
       *[other] { $count } kommissioner er godkendt.
    }
done-declined =
    { $count ->
        [one] { $count } kommission er afvist.
       *[other] { $count } kommissioner er afvist.
    }
done-taken-back =
    { $count ->
        [one] { $count } kommission venter igen.
       *[other] { $count } kommissioner venter igen.
    }
done-saved = Gemt.
done-live = Programmet er i drift. Beløb er rigtige fra nu af.
done-plan = Planen er gemt.
done-revoked = Nøglen er tilbagekaldt.
done-joined = Du er partner nu.
refusal-log-in-stale = Linket er brugt eller udløbet. Bed om et nyt.
refusal-mail-not-taken = Mailen kunne ikke sendes. Prøv igen om lidt.
refusal-nothing-chosen = Sæt først flueben ved dem, du vil afgøre.
refusal-second-person = Du har selv oplyst kontoen. En anden skal se på den.
refusal-selection-changed = Noget har ændret sig imens. Se på tallene igen.
refusal-whole-number = Skriv et helt tal.
refusal-amount-malformed = Skriv et beløb som 500.00.
refusal-day-malformed = Vælg en dag.
refusal-unknown-currency = Vælg en valuta.
refusal-country-malformed = Skriv to bogstaver, som DK.
refusal-over-sale = Linjen betaler mere end salget.
refusal-unreachable = En tidligere linje afgør altid, så denne betaler aldrig.
refusal-before-newest = En senere version er allerede planlagt. Vælg dens dag eller en senere.
held-nothing-due = Optjent og skyldigt går lige op
held-test = Programmet er i testtilstand
held-account-kind = Bankfilen kan ikke betale til den slags konto
held-full = Kørslen er fuld; den næste tager den med
run-paid = Betalt
run-cancelled = Annulleret
payout-paid = Betalt
payout-cancelled = Annulleret
payout-give-account = Angiv den konto, der betaler
payout-no-account = Før du kan godkende, skal du angive, hvilken konto banken skal betale fra.
payout-by-hand = Ingen bankfil betaler denne valuta. Betal i hånden ud fra tabellen, og markér derefter kørslen.
payout-table = Tabel (CSV)
payout-mark-paid = Banken har betalt
payout-cancel = Annullér udbetalingen
payout-cancel-effect = Alle beløb i den er godkendt igen og kommer med i næste udbetaling. Send ikke dens fil til banken.
payout-note-return = Notér retur…
payout-came-back = Den kom retur
payout-came-back-effect = Dens kommissioner er godkendt igen, og partnerens bankoplysninger venter på et eftersyn.
payer-title = Udbetalinger i { $currency } går fra
payer-none = Ingen konto endnu. Den første udbetaling kræver en.
payer-how = Den står i filen til din bank. Vi trækker intet fra den.
payer-by-hand = Ingen bankfil betaler { $currency }. Udbetalinger sker i hånden ud fra en tabel.
bank-kind-bankgiro = Bankgiro
field-street = Vej og nummer
field-post-code = Postnummer
field-town = By
field-bic = Bankens BIC
field-bic-hint = Kun hvis din bank beder om den i filer.
field-number-at-bank = Dit nummer hos banken
field-number-at-bank-hint = Aftale- eller organisationsnummer, hvis banken har givet dig et.
proof-mail-later = Når du gemmer, sender vi dig en kode for at sikre, at det er dig.
proof-code-sent = Vi har sendt dig en kode. Skriv den her for at gemme kontoen.
waits-owed-back = Går op mod det, der skyldes efter returneringer
waits-bank = På vej gennem banken
quarantine-title = Indberetninger, der ikke kunne bruges
quarantine-how = Intet er tabt: hver er gemt, som den kom, indtil du indberetter den igen eller lægger den væk.
quarantine-empty-title = Intet venter
quarantine-empty-body = Alle indberetninger kunne bruges, som de kom.
quarantine-conflict = Den modsiger det, der er indberettet før
quarantine-future = Dens dato er ikke kommet endnu
quarantine-old = Dens dato ligger mere end 400 dage tilbage
quarantine-other = Den skal ses efter
quarantine-day = Den rigtige dag
quarantine-replay = Indberet igen
quarantine-dismiss = Læg væk
done-replayed = Den er indberettet og afgjort.
done-duplicate = Den var kendt i forvejen, og der betales ikke mere.
done-dismissed = Den er lagt væk.
done-run-approved = Udbetalingen er godkendt. Hent filen til din bank.
done-run-sent = Noteret: banken har den.
done-run-paid = Noteret: banken har betalt.
done-run-cancelled = Udbetalingen er annulleret; beløbene er godkendt igen.
done-payout-returned = Noteret: den kom retur. Beløbet kommer med i næste udbetaling.
done-bank-held = Gemt. Nogen ser på ændringen, før der går penge dertil.
refusal-still-unusable = Den kan stadig ikke bruges og venter fortsat.
refusal-replay-conflicts = Den modsiger en konvertering. Ret den, eller læg denne væk.
refusal-run-changed = Noget har ændret sig, siden du så. Se den igennem igen.
refusal-nothing-to-pay = Der er intet at betale.
refusal-payer-account-missing = Angiv først, hvilken konto banken skal betale fra.
refusal-no-bank-file = Der er ingen bankfil; betal ud fra tabellen.
refusal-account-cannot-pay = Ingen bankfil betaler denne valuta fra den slags konto.
refusal-wrong-state = Det kan ikke lade sig gøre, som det står nu.
refusal-zone-fixed = Tidszonen kan ikke ændres, når programmet er i drift.
refusal-unknown-partnership = Der er ingen sådan partner her.
refusal-control-character = Brug almindelige bogstaver på én linje.
refusal-bank-file-refused = Bankfilen kunne ikke laves. Se den betalende konto efter.
refusal-too-many-commissions = Der er for mange kommissioner til én udbetaling. Betal i flere.
refusal-language-unknown = Vælg et sprog.
refusal-url-length = Adressen er for lang.
refusal-url-characters = Skriv en almindelig webadresse.
refusal-url-scheme = Skriv en hel adresse, der begynder med https://.
refusal-url-credentials = Udelad brugernavn og adgangskode.
refusal-url-host = Skriv et domæne, ikke et tal.
refusal-registration-digits = Et registreringsnummer har 4 cifre.
refusal-account-digits = Det er ikke et kontonummer.
refusal-bankgiro-digits = Et bankgironummer har 7 eller 8 cifre.
refusal-bankgiro-check-digit = Kontrolcifferet passer ikke. Se det efter en gang til.
refusal-bic-form = En BIC har 8 eller 11 bogstaver og cifre.
refusal-clearing-digits = Et clearingnummer har 4 eller 5 cifre.
refusal-name = Giv et navn på 1 til 120 tegn.
refusal-wrong-length = For få eller for mange her.
refusal-percent-of-click = Et klik har ingen værdi at tage en del af.
refusal-click-per-item = Et klik betales altid ét for ét.
refusal-recurring-click = Et klik gentager sig ikke.
refusal-iban-missing = Skriv IBAN-nummeret.
refusal-iban-characters = Et IBAN har kun bogstaver og cifre.
refusal-iban-country = Intet land har IBAN, der begynder sådan.
refusal-iban-length = Det er ikke længden på et IBAN fra det land.
refusal-iban-check-digits = Kontrolcifrene passer ikke. Se det efter en gang til.
refusal-clearing-check-digit = Kontrolcifferet passer ikke. Se det efter en gang til.
refusal-ambiguous = Angiv den ene af de to, ikke begge.
refusal-currency-unknown = Den valuta findes ikke.
refusal-unknown-field = Planen har intet sådant felt.
refusal-unknown-value = Det er ikke en af de mulige værdier.
channel-customer = som deres kunde
waits-account-kind = Venter på en konto hos dig, der kan modtage { $currency }
done-attribution = Krediteringen er gemt.
done-credit-change = Ændringen er bogført.
done-credit-kept = Det bliver, som det var.
