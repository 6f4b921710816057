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
reason-assigned = Kunden hører allerede til en anden partner.
reason-after-conversion = Det kom efter købet.
reason-not-used = Programmet knytter ikke kunder til deres partner.
reason-unrecorded = Vi har ikke klikket i vores optegnelser; et menneske ser på det først.
reason-rejected = Et menneske har set på det, og det tæller ikke.
reason-not-first = Kun kundens første betales der for.
reason-months-over = De måneder, hvor kunden giver kommission, er gået.
reason-earlier-rule = En tidligere linje i planen afgjorde det.
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
rule-life = så længe kunden betaler
rule-per-item = for hver enhed
done-program-made = Programmet er oprettet. Det er i testtilstand, indtil du går i drift.
done-invited = Invitationen er sendt.
done-link-made = Linket er oprettet og virker inden for et sekund.
done-settled = Det er afgjort.
done-status = Partnerskabet er ændret.
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
