### Ord, som alle sider bruger.

skip-to-content = Gå til indholdet
log-in = Log ind
log-out = Log ud
or = eller
save = Gem
cancel = Annuller
approve = Godkend
decline = Afvis
copy = Kopiér
copied = Kopieret
share = Del
print = Udskriv
see-all = Se alle
never = Aldrig
total = I alt
unit-days = dage
day-today = i dag
day-tomorrow = i morgen
day-yesterday = i går
day-in =
    { $count ->
        [one] om { $count } dag
       *[other] om { $count } dage
    }
day-ago =
    { $count ->
        [one] for { $count } dag siden
       *[other] for { $count } dage siden
    }
count-clicks = { $count } klik
count-conversions =
    { $count ->
        [one] { $count } konvertering
       *[other] { $count } konverteringer
    }
count-commissions =
    { $count ->
        [one] { $count } kommission
       *[other] { $count } kommissioner
    }
count-partners =
    { $count ->
        [one] { $count } partner
       *[other] { $count } partnere
    }
nav-label = Hovedmenu
nav-menu = Menu
nav-links = Links
nav-payouts = Udbetalinger
nav-waiting = { $count } venter
metric-clicks = Klik
metric-clicks-30 = Klik på 30 dage
metric-unique = Unikke klik
metric-conversions = Konverteringer
metric-conversions-30 = Konverteringer på 30 dage
metric-commission = Kommission
metric-revenue = Salg
metric-waiting = Venter
metric-approved = Godkendt, ikke udbetalt endnu
metric-paid = Udbetalt i alt
metric-declined-30 = Afvist på 30 dage
metric-earned = Optjent
commission-pending = Venter
commission-approved = Godkendt
commission-payable = Udbetales
commission-paid = Udbetalt
commission-declined = Afvist
commission-reversed = Tilbageført
commission-test = Test
conversion-credited = Krediteret
conversion-not-credited = Ingen partner
conversion-held = Skal ses på
conversion-partly-refunded = Delvist refunderet
conversion-refunded = Refunderet
partner-invited = Inviteret
partner-applied = Vil være med
partner-active = Aktiv
partner-paused = På pause
partner-ended = Afsluttet
partner-declined = Afvist
link-active = I brug
link-off = Slået fra
run-preview = Kladde
run-approved = Godkendt
run-sent = Sendt til banken
payout-planned = Planlagt
payout-sent = Sendt
payout-returned = Afvist af banken
bank-confirmed = I brug
bank-held = Kontrolleres
bank-missing = Mangler
column-amount = Beløb
column-day = Dag
column-when = Hvornår
column-what = Hvad
column-why = Hvorfor
column-state = Status
column-partner = Partner
column-program = Program
column-link = Link
column-trend = Udvikling
column-value = Værdi
column-hold = Venter til
column-pay-day = Udbetalingsdag
column-account = Konto
column-commission-30 = Kommission på 30 dage
column-key = Nøgle
column-scopes = Må
column-last-used = Sidst brugt
column-expires = Virker til
overview-figures = Nøgletal
filter-search = Søg
filter-state = Status
filter-all = Alle
filter-from = Fra
filter-until = Til
filter-period = Periode
filter-last-days =
    { $count ->
        [one] Seneste { $count } dag
       *[other] Seneste { $count } dage
    }
filter-apply = Vis
filter-clear = Ryd
filter-nothing-title = Intet fundet
filter-nothing-body = Intet passer til søgningen. Prøv færre ord eller en anden status.
pager-label = Sider
pager-of = { $shown } af { $total }
pager-shown = { $shown } vist
pager-newer = Nyere
pager-older = Ældre
chart-now = Denne periode
chart-previous = Perioden før
chart-show-table = Vis tallene
chart-day = Dag
chart-month = Måned
field-optional = valgfrit
field-email = E-mail
field-password = Adgangskode
field-password-new = Adgangskode
field-password-hint = Mindst 8 tegn. Et par ord er både langt og let at huske.
field-your-name = Dit navn
field-organisation = Virksomhed
field-partner-name = Navn
field-program = Program
field-program-name = Programmets navn
field-program-name-hint = Partnerne ser det.
field-landing-url = Landingsside
field-landing-url-hint = Hertil fører links, der ikke peger på en anden side.
field-currency = Valuta
field-time-zone = Tidszone
field-time-zone-hint = Dage og måneder begynder efter dens ur, for eksempel Europe/Copenhagen.
field-language = Sprog
field-code-six = Kode på 6 cifre
field-link-code = Navn i links
field-link-code-hint = Bogstaver, tal, - og _. For eksempel anna.
field-terms = Jeg er indforstået med at blive betalt som vist her
log-in-title = Log ind
log-in-refused = E-mail og adgangskode passer ikke sammen. Prøv igen, eller få en kode tilsendt.
log-in-by-mail = Log ind med en kode på mail
log-in-by-mail-hint = Du behøver ingen adgangskode.
log-in-by-mail-how = Skriv din e-mail, så sender vi en kode på 6 cifre. Den virker også, når du er inde i en anden app.
log-in-by-password = Brug en adgangskode i stedet
send-code = Send koden
send-code-again = Send en ny kode
log-in-code-title = Skriv koden
log-in-code-sent = Vi har sendt den til { $email }.
log-in-code-expires =
    { $minutes ->
        [one] Den virker i { $minutes } minut.
       *[other] Den virker i { $minutes } minutter.
    }
log-in-code-development = Der sendes endnu ikke mail fra denne installation. Koden er
set-up-title = Sæt Tributary op
set-up-lede = To korte svar, så kan du invitere din første partner.
set-up-you = Dig og din virksomhed
set-up-program = Dit første program
set-up-go = Opret program
set-up-later = Alt undtagen valutaen kan ændres senere.
invitation-title = Bliv partner med { $program }
invitation-lede = { $manager } fra { $advertiser } inviterer dig.
invitation-lede-advertiser = { $advertiser } inviterer dig.
invitation-earns = Det tjener du
invitation-accept = Bliv partner
error-not-found-title = Her er ikke noget
error-not-found-body = Adressen er måske skrevet forkert, eller siden er flyttet.
error-forbidden-title = Du har ikke adgang hertil
error-forbidden-body = Spørg en administrator af programmet, hvis du har brug for det.
error-fault-title = Noget gik galt hos os
error-fault-body = Intet af det, du sendte, er gemt halvt. Prøv igen om lidt.
error-reference = Hvis du beder om hjælp, så oplys
error-home = Til forsiden
design-title = Tributarys dele
design-lede = Hver del med sine tilstande, på det sprog der er valgt ovenfor.
design-colours = Farver
design-type = Skrift
design-specimen = Mange små bække bliver til én å: 1.234.567,89
design-amounts = Beløb og dage
design-states = Tilstande
design-buttons = Knapper og dialoger
design-dialog = Åbn en dialog
design-fields = Felter
design-notices = Beskeder
design-lists = Lister
design-charts = Grafer
design-explanation = Forklaring
design-pictures = Mærke og kode
