### Ord som alla sidor använder.

skip-to-content = Gå till innehållet
log-in = Logga in
log-out = Logga ut
or = eller
save = Spara
cancel = Avbryt
approve = Godkänn
decline = Avslå
copy = Kopiera
copied = Kopierat
share = Dela
print = Skriv ut
see-all = Visa alla
never = Aldrig
total = Totalt
unit-days = dagar
day-today = i dag
day-tomorrow = i morgon
day-yesterday = i går
day-in =
    { $count ->
        [one] om { $count } dag
       *[other] om { $count } dagar
    }
day-ago =
    { $count ->
        [one] för { $count } dag sedan
       *[other] för { $count } dagar sedan
    }
count-clicks = { $count } klick
count-conversions =
    { $count ->
        [one] { $count } konvertering
       *[other] { $count } konverteringar
    }
count-commissions =
    { $count ->
        [one] { $count } provision
       *[other] { $count } provisioner
    }
count-partners = { $count } partner
nav-label = Huvudmeny
nav-menu = Meny
nav-links = Länkar
nav-payouts = Utbetalningar
nav-waiting = { $count } väntar
metric-clicks = Klick
metric-clicks-30 = Klick på 30 dagar
metric-unique = Unika klick
metric-conversions = Konverteringar
metric-conversions-30 = Konverteringar på 30 dagar
metric-commission = Provision
metric-revenue = Försäljning
metric-waiting = Väntar
metric-approved = Godkänt, inte utbetalt än
metric-paid = Utbetalt totalt
metric-declined-30 = Avslaget på 30 dagar
metric-earned = Intjänat
commission-pending = Väntar
commission-approved = Godkänd
commission-payable = Betalas ut
commission-paid = Utbetald
commission-declined = Avslagen
commission-reversed = Återförd
commission-test = Test
conversion-credited = Tillskriven
conversion-not-credited = Ingen partner
conversion-held = Behöver en titt
conversion-partly-refunded = Delvis återbetald
conversion-refunded = Återbetald
partner-invited = Inbjuden
partner-applied = Vill vara med
partner-active = Aktiv
partner-paused = Pausad
partner-ended = Avslutad
partner-declined = Avböjd
link-active = I bruk
link-off = Avstängd
run-preview = Utkast
run-approved = Godkänd
run-sent = Skickad till banken
payout-planned = Planerad
payout-sent = Skickad
payout-returned = Avvisad av banken
bank-confirmed = I bruk
bank-held = Kontrolleras
bank-missing = Saknas
column-amount = Belopp
column-day = Dag
column-when = När
column-what = Vad
column-why = Varför
column-state = Status
column-partner = Partner
column-program = Program
column-link = Länk
column-trend = Utveckling
column-value = Värde
column-hold = Väntar till
column-pay-day = Utbetalningsdag
column-account = Konto
column-commission-30 = Provision på 30 dagar
column-key = Nyckel
column-scopes = Får
column-last-used = Senast använd
column-expires = Gäller till
overview-figures = Nyckeltal
filter-search = Sök
filter-state = Status
filter-all = Alla
filter-from = Från
filter-until = Till
filter-period = Period
filter-last-days =
    { $count ->
        [one] Senaste { $count } dagen
       *[other] Senaste { $count } dagarna
    }
filter-apply = Visa
filter-clear = Rensa
filter-nothing-title = Inget hittades
filter-nothing-body = Inget matchar sökningen. Prova färre ord eller en annan status.
pager-label = Sidor
pager-of = { $shown } av { $total }
pager-shown = { $shown } visas
pager-newer = Nyare
pager-older = Äldre
chart-now = Denna period
chart-previous = Perioden innan
chart-show-table = Visa siffrorna
chart-day = Dag
chart-month = Månad
field-optional = valfritt
field-email = E-post
field-password = Lösenord
field-password-new = Lösenord
field-password-hint = Minst 8 tecken. Några ord är både långt och lätt att minnas.
field-your-name = Ditt namn
field-organisation = Organisation
field-partner-name = Namn
field-program = Program
field-program-name = Programmets namn
field-program-name-hint = Partnerna ser det.
field-landing-url = Landningssida
field-landing-url-hint = Hit leder länkar som inte pekar på en annan sida.
field-currency = Valuta
field-time-zone = Tidszon
field-time-zone-hint = Dagar och månader börjar enligt dess klocka, till exempel Europe/Stockholm.
field-language = Språk
field-code-six = Kod med 6 siffror
field-link-code = Namn i länkar
field-link-code-hint = Bokstäver, siffror, - och _. Till exempel anna.
field-terms = Jag godkänner att få betalt så som visas här
log-in-title = Logga in
log-in-refused = E-post och lösenord stämmer inte överens. Försök igen eller få en kod skickad.
log-in-by-mail = Logga in med en kod via e-post
log-in-by-mail-hint = Du behöver inget lösenord.
log-in-by-mail-how = Skriv din e-post så skickar vi en kod med 6 siffror. Den fungerar även när du är inne i en annan app.
log-in-by-password = Använd lösenord i stället
send-code = Skicka koden
send-code-again = Skicka en ny kod
log-in-code-title = Skriv koden
log-in-code-sent = Vi har skickat den till { $email }.
log-in-code-expires =
    { $minutes ->
        [one] Den fungerar i { $minutes } minut.
       *[other] Den fungerar i { $minutes } minuter.
    }
log-in-code-development = Ingen e-post skickas ännu från den här installationen. Koden är
set-up-title = Ställ in Tributary
set-up-lede = Två korta svar, sedan kan du bjuda in din första partner.
set-up-you = Du och din organisation
set-up-program = Ditt första program
set-up-go = Skapa program
set-up-later = Allt utom valutan kan ändras senare.
invitation-title = Bli partner till { $program }
invitation-lede = { $manager } från { $advertiser } bjuder in dig.
invitation-lede-advertiser = { $advertiser } bjuder in dig.
invitation-earns = Det tjänar du
invitation-accept = Bli partner
error-not-found-title = Här finns inget
error-not-found-body = Adressen kan vara felskriven, eller så har sidan flyttats.
error-forbidden-title = Du har inte tillgång till detta
error-forbidden-body = Fråga en administratör för programmet om du behöver det.
error-fault-title = Något gick fel hos oss
error-fault-body = Inget du skickade har sparats till hälften. Försök igen om en stund.
error-reference = Om du ber om hjälp, uppge
error-home = Till startsidan
design-title = Tributarys delar
design-lede = Varje del med sina tillstånd, på språket som valts ovan.
design-colours = Färger
design-type = Typografi
design-specimen = Många bäckar små blir en stor å: 1 234 567,89
design-amounts = Belopp och dagar
design-states = Tillstånd
design-buttons = Knappar och dialoger
design-dialog = Öppna en dialog
design-fields = Fält
design-notices = Meddelanden
design-lists = Listor
design-charts = Diagram
design-explanation = Förklaring
design-pictures = Märke och kod
