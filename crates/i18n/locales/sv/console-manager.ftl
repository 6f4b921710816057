### Programansvarigas sidor.

nav-overview = Översikt
nav-partners = Partner
nav-conversions = Konverteringar
nav-commissions = Provisioner
nav-settings = Inställningar
nav-switch = { $name }, byt program
test-mode-strip = Testläge: inget här betalas ut, och allt raderas när du går live.
figure-change = { $change } jämfört med perioden innan
waiting-title = Väntar på dig
waiting-nothing = Inget väntar på dig.
waiting-commissions =
    { $count ->
        [one] { $count } provision att ta ställning till
       *[other] { $count } provisioner att ta ställning till
    }
waiting-applications =
    { $count ->
        [one] { $count } partner vill vara med
       *[other] { $count } partner vill vara med
    }
waiting-held =
    { $count ->
        [one] { $count } konvertering behöver en titt
       *[other] { $count } konverteringar behöver en titt
    }
waiting-bank-checks =
    { $count ->
        [one] { $count } partner har ändrat bankuppgifter
       *[other] { $count } partner har ändrat bankuppgifter
    }
waiting-payout = Utbetalning { $date } att gå igenom
overview-top = Partner som gav mest
overview-all-partners = Alla partner
first-steps-title = Tre steg till den första provisionen
first-steps-plan = Bestäm vad du betalar för
first-steps-plan-why = Ett fast belopp eller en del av försäljningen. Partnerna läser det innan de går med.
first-steps-plan-go = Skriv planen
first-steps-track = Anslut din butik
first-steps-track-why = En rad på dina sidor eller ett anrop från din server.
first-steps-track-go = Hämta raden och en nyckel
first-steps-invite = Bjud in en partner
first-steps-invite-why = De får en egen länk direkt.
partners-invite = Bjud in partner
partners-empty-title = Inga partner än
partners-empty-body = Börja med någon som redan rekommenderar dig. Det gör de flesta program.
partners-search-hint = Namn, e-post eller kod
invite-lede = De får ett mejl med dina ord, vad { $program } betalar och en länk för att gå med.
invite-send = Skicka inbjudan
field-group = Grupp
field-group-hint = Planer kan betala grupper olika.
field-words = Dina egna ord
field-words-hint = Varför just de? Två meningar gör mer än en mall.
partner-since = Partner sedan
partner-accept = Släpp in
partner-accept-effect = Länkar fungerar och tjänar direkt, och partnern får ett mejl.
partner-decline = Avböj
partner-decline-effect = Ansökan stängs med ett vänligt mejl. De kan ansöka igen.
partner-pause = Pausa
partner-pause-effect = Länkar leder fortfarande till dina sidor, men klick från nu tjänar inget förrän du återupptar. Det som redan är intjänat står kvar.
partner-resume = Återuppta
partner-resume-effect = Klick från nu tjänar igen.
partner-end = Avsluta partnerskap
partner-end-effect = Länkar leder till din reservsida och tjänar inget. Det som är godkänt betalas fortfarande ut nästa utbetalningsdag.
partner-commissions = Senaste provisioner
partner-commissions-none = Inga provisioner än.
partner-facts = Om partnern
partner-link = Länk
partner-last-click = Senaste klick
bank-details = Bankuppgifter
bank-check-title = Bankuppgifter har ändrats
bank-check-body = Ring partnern på ett nummer du redan hade och fråga om de gjort det själva. Inga pengar går till det nya kontot innan du bekräftar.
bank-check-confirm = Bekräfta det nya kontot
bank-check-refuse = Behåll det gamla
bank-next-payout = Skulle gå dit nästa gång
link-make = Skapa länk
links-empty-title = Inga länkar än
links-empty-body = Varje partner får en länk när de går med. Du kan skapa fler, till valfri sida hos dig.
links-search-hint = Partner, länk eller sida
link-begins = Länken börjar med
link-domains = Tillåtet:
field-link-path = Länk
field-link-path-hint = Ett eller två ord med / emellan, till exempel anna/crm.
field-destination = Leder till
field-destination-hint = En sida på någon av dina domäner. Tomt: landningssidan.
conversions-empty-title = Inga konverteringar än
conversions-empty-body = De dyker upp inom en sekund efter att din butik rapporterat den första.
conversions-search-hint = Ordernummer eller partner
conversion-facts = Om konverteringen
conversion-credit = Andel
conversion-source = Anslutning
conversion-by-people = Av er själva: på en sida eller i en fil
conversion-id = Nummer
commissions-tab-pending = Väntar
commissions-tab-approved = Godkända
commissions-tab-paid = Utbetalda
commissions-tab-declined = Avslagna
commissions-tab-all = Alla
commissions-empty-title = Inget att ta ställning till
commissions-empty-body = Nya provisioner hamnar här så snart en konvertering tillskrivs en partner.
choose-all = Välj alla på sidan
choose-one = Välj { $partner }, { $amount }
bulk-hint = Kryssa för dem du vill ta ställning till. Du ser summorna innan något händer.
bulk-chosen = Valda:
approve-question =
    { $count ->
        [one] Godkänn { $count } provision
       *[other] Godkänn { $count } provisioner
    }
approve-effect = Du blir skyldig { $amount }.
approve-pay-day = Det betalas ut { $date }.
approve-undo = Fram till dess kan du återföra det, med ett skäl.
approve-go = Godkänn { $count }
decline-question =
    { $count ->
        [one] Avslå { $count } provision
       *[other] Avslå { $count } provisioner
    }
decline-effect = { $amount } betalas inte ut. Partnern ser skälet du anger.
decline-go = Avslå { $count }
decline-reason = Varför?
decline-reason-hint = Partnern läser det ord för ord.
decide-skipped =
    { $count ->
        [one] { $count } av de valda är redan avgjord och förblir som den är.
       *[other] { $count } av de valda är redan avgjorda och förblir som de är.
    }
payouts-next = Nästa utbetalning
payouts-held-back = { $count } hålls tillbaka
payouts-look = Gå igenom den
payouts-earlier = Tidigare utbetalningar
payouts-none = Inga utbetalningar än. Den första görs på utbetalningsdagen när något är godkänt.
payout-run-title = Utbetalning
payout-approved-by = godkänd av { $name }
payout-from = från { $account }
payout-approve = Godkänn { $amount }
payout-approve-effect = Inget har flyttats än. När du godkänner låses beloppen, varje partner får en avräkning och du kan hämta filen till din bank.
payout-bank-file = Fil till banken
payout-mark-sent = Banken har den
payout-file-hash = Filens fingeravtryck:
payout-lines = Vilka som får betalt
payout-held = Tillbakahållna, och varför
payout-nothing-title = Inget att betala ut
payout-nothing-body = Godkända provisioner samlas här till utbetalningsdagen.
held-below-minimum = Under minimibeloppet; förs över
held-no-bank-details = Inga bankuppgifter än; partnern har blivit tillfrågad
held-bank-check = Ändrade bankuppgifter väntar på att du tittar på dem
held-negative = Är skyldig efter en retur; kvittas mot senare provisioner
settings-program = Program
settings-plan = Plan
settings-keys = Spårning och nycklar
settings-where = Vart länkar leder
settings-credit = Vem som tillskrivs försäljningen
settings-money = När pengar betalas ut
settings-consent = Samtycke
field-fallback-url = Medan programmet är pausat
field-fallback-url-hint = Länkar leder hit. Tomt: landningssidan.
field-domains = Tillåtna domäner
field-domains-hint = En per rad. Länkar kan inte leda någon annanstans.
field-window = Fönster
field-window-hint = Dagar mellan ett klick och en konvertering det kan tjäna på. 30 till 90 är vanligt.
field-coupon-over-click = En kod slår ett klick
field-coupon-over-click-hint = Partnern vars kod användes tillskrivs köpet.
field-hold = Väntetid
field-hold-hint = Dagar innan en provision kan godkännas, till exempel din ångerfrist.
field-approve-after-hold = Godkänn automatiskt efter väntetiden
field-approve-after-hold-hint = Annars väntar varje provision på dig.
field-payout-minimum = Minimibelopp
field-payout-minimum-hint = Mindre belopp förs över till nästa utbetalningsdag.
field-payout-day = Utbetalningsdag
field-payout-day-hint = En dag i månaden, 1 till 28.
field-consent-mode = Besökarnas samtycke
field-consent-mode-hint = Utan samtycke sparar vi inget som identifierar en besökare.
consent-required = Frågas först
consent-not-required = Frågas inte, på annan rättslig grund
field-consent-basis = Rättslig grund
field-consent-basis-hint = Krävs när samtycke inte frågas. Den sparas med varje klick.
plan-now = Gäller nu
plan-version = Version { $version }, sedan { $date }
plan-order = Den första raden som passar en konvertering avgör.
plan-empty-title = Ingen plan än
plan-empty-body = Konverteringar sparas, men inget är skyldigt förrän en plan säger det.
plan-new = En ny version
plan-new-how = Tidigare konverteringar behåller versionen de avgjordes enligt.
plan-wrong = Planen kan inte användas än
plan-save = Spara ny version
field-plan = Plandokument
field-plan-from = Gäller från
field-plan-from-hint = I dag eller senare. Dina partner bör veta det först.
plan-ready = Börja med en färdig plan
plan-ready-show = Visa den
plan-common = Eller skriv vad du betalar
plan-common-how = Lämna tomt det du inte betalar för.
plan-draft = Det här skulle den betala
plan-draft-how = Inget är sparat än. Ändra den nedan om du vill, och spara den sedan.
plan-read = Läs det i ord
plan-unit-net = % utan moms och frakt
plan-unit-gross = % av det betalda
plan-unit-fixed = { $currency } varje gång
plan-payments-each = Varje försäljning, inga förnyelser
plan-payments-once = Bara kundens första
plan-payments-months = Alla under några månader
plan-payments-life = Alla, så länge de kommer
field-plan-ready = Färdig plan
field-plan-sale = För en försäljning
field-plan-unit = Räknat i
field-plan-payments = Vilka betalningar
field-plan-months = Hur många månader
field-plan-step-from = Från försäljning nummer
field-plan-step-from-hint = Räknas om från början varje månad.
field-plan-step = För varje därifrån
field-plan-lead = För ett lead
field-plan-qualified-lead = För ett kvalificerat lead
ready-hubspot = 100 % av första månaden eller 15 % i ett år, som partnern vill
ready-shopify = Ett fast belopp för varje ny kund
ready-ahrefs = 20 % i 24 månader
ready-convertkit = 30 % i 24 månader
ready-b2b-leads = Kvalificerade leads efter betyg
ready-b2b-first-year = 20 % av första året på en gång
ready-b2b-one-time = 10 % av varje försäljning
ready-b2b-recurring = 15 % i två år
ready-b2b-life = 10 % så länge kunden betalar
ready-b2b-hybrid = Något för ett lead, mer för kunden
ready-b2b-tiers = 20, 25 och 30 % efter månadens försäljning
ready-contest = 20 % i 24 månader och en tävling
key-fresh-title = Kopiera nyckeln nu
key-fresh-body = Vi sparar bara dess fingeravtryck och kan inte visa den igen.
key-track-title = Raden för dina sidor
key-track-body = Lägg den i head på varje sida en partner kan leda till. Den sätter en kaka först efter samtycke.
key-public = Programmets publika nyckel:
key-program = Din server kallar programmet
keys-title = Nycklar för dina servrar
keys-none = Inga nycklar än. En server behöver en för att rapportera konverteringar.
key-make = Skapa nyckel
key-revoke = Återkalla
key-revoke-effect = Allt som använder nyckeln stannar direkt. En ny kan skapas, men inte denna igen.
field-key-name = Vad är den till?
field-key-name-hint = Till exempel butikens namn.
field-key-scope = Den får
scope-report = Rapportera konverteringar
scope-read = Läsa
scope-manage = Ändra partner och länkar
what-if-title = Tänk om
what-if-how = En periods konverteringar under ett annat avtal, bredvid vad de har gett. Inget sparas.
what-if-try = Prova det på era konverteringar
what-if-run = Visa vad det skulle kosta
what-if-from = Första dag
what-if-until = Sista dag
what-if-conversion = Förklara en konvertering
what-if-conversion-hint = Dess id, som börjar med conv_. Fältet kan lämnas tomt.
what-if-cost = Vad det skulle kosta
what-if-now = Som det var
what-if-then = Med det här avtalet
what-if-difference = Skillnad
what-if-per-customer = För var och en av { $count ->
    [one] en ny kund
   *[other] { $count } nya kunder
}
what-if-paid = Betalda konverteringar
what-if-winners = { $count ->
    [one] En partner tjänar mer
   *[other] { $count } partner tjänar mer
}
what-if-losers = { $count ->
    [one] en tjänar mindre
   *[other] { $count } tjänar mindre
}
what-if-left-out = { $count ->
    [one] En konvertering är utelämnad: den saknar något som avtalet behöver, eller väntar på er.
   *[other] { $count } konverteringar är utelämnade: de saknar något som avtalet behöver, eller väntar på er.
}
what-if-partners = Partner vars ersättning ändras mest
what-if-one = En konvertering under båda
what-if-nothing = Det finns inga konverteringar i perioden.
what-if-pays-nothing = Den ger ingenting.
settings-attribution = Tillskrivning
attribution-now = Gäller nu
attribution-model = Hur försäljning tillskrivs
attribution-windows = Hur länge en kontakt räknas
attribution-precedence = Vad som går först
attribution-channels = Andra kanaler
attribution-when = Från när
attribution-save = Spara
attribution-versions = Versioner
attribution-from = Från
attribution-from-begin = Från början
example-title = Samma väg enligt varje modell
example-how = Tre partner och en annons före ett köp. Leadet kom 5 dagar före, affärsmöjligheten en timme före.
example-advertisement = Sökannons
example-days-before =
    { $days ->
        [one] { $days } dag före
       *[other] { $days } dagar före
    }
unit-window-days =
    { $days ->
        [one] { $days } dag
       *[other] { $days } dagar
    }
field-model = Modell
field-model-hint = Listan ovan visar vad var och en gör.
field-half-life = Halveringstid
field-half-life-hint = För "Nyare räknas mer".
field-u = Vikter: första / däremellan / sista
field-u-hint = För "Första och sista". Bara förhållandet mellan dem räknas.
field-w = Vikter: första / lead / affärsmöjlighet / andra
field-w-hint = För "Första, lead och affärsmöjlighet".
field-floor = Golv för partner
field-floor-hint = För "Partner först": det de minst får tillsammans.
field-floor-base = Delas före golvet enligt
field-click-window = Fönster för klick
field-coupon-window = Fönster för koder
field-windows = Andra fönster
field-windows-hint = Ett per rad: händelse (eller *), slags kontakt, dagar. Till exempel: qualified_lead click 120
field-precedence = Koder och klick
precedence-coupon = En kod slår ett klick
precedence-click = Ett klick slår en kod
precedence-alike = Båda räknas lika
field-customer-stays = Kunder stannar hos sina partner
field-customer-stays-hint = Senare betalningar delas som den första, vad som än klickats sedan dess.
field-registration-first = Ett registrerat lead går först
field-registration-first-hint = Före koder och klick.
attribution-people = Människor
field-people = Vems beröringar som räknas
field-people-hint = Ett köp mellan företag läser en om och en annan skriver under. Människor känns igen på mejladressen de rapporterades med, företag på ert id, sitt nummer eller sin mejldomän; allmänna mejltjänster förenar ingen.
people-customer = Kundens egna
people-person = Även samma persons under ett annat id
people-company = Även allas i företaget
field-against = Vem som konkurrerar med partnerna
field-against-hint = Det en konkurrerande kanal tjänar betalas inte ut till någon.
against-nobody = Ingen
against-listed = Kanalerna nedan
against-every-channel = Alla kanaler utom direktbesök
field-channels = Kanaler
field-channels-hint = En per rad, som dina rapporter kallar dem: paid_search, paid_social, email, other_network.
field-attribution-from-hint = I dag betyder från och med nu. En tidigare dag avgör det som ännu väntar på nytt; det som godkänts eller betalats står fast.
conversion-credit-nobody = Andra kanaler: betalas inte ut
journeys-title = Vägar
journeys-sub = Vägarna till konverteringarna, som de avgjordes
journeys-show = Visa
journeys-none-title = Inga konverteringar under de dagarna
journeys-none-body = Välj andra dagar.
journeys-truncated = Det fanns fler; de första { $count } visas. Välj färre dagar.
journeys-who = Vem som tjänade, och vem som skulle ha gjort det
journeys-who-how = Tillskrivet i konverteringar: som det avgjordes, och enligt varje modell på samma kontakter.
journeys-paths = Vanligaste vägarna
journeys-length = Hur länge
journeys-days = Hälften tog högst { $median } dagar från första kontakten, nio av tio högst { $decile }.
column-touched = Berörde
column-assists = Passningar
column-decided = Tillskrivet
column-what-if = Skulle bli
column-path = Väg
path-none = Ingen känd kontakt
length-touches =
    { $count ->
        [0] Ingen kontakt
        [one] { $count } kontakt
       *[other] { $count } kontakter
    }
length-or-more = { $count } kontakter eller fler
what-if-model = Tänk om modellen vore
what-if-own = Som den är
what-if-window = Och fönstret
what-if-hint = Prövas på det man visste då. Inget ändras.
what-if-changed =
    { $changed ->
        [one] { $changed } av { $count } konverteringar skulle ha tillskrivits annorlunda. Inget har ändrats.
       *[other] { $changed } av { $count } konverteringar skulle ha tillskrivits annorlunda. Inget har ändrats.
    }
models-title = Enligt varje modell
models-how = Samma kontakter och inställningar. Modellen som avgjorde står i fetstil.
changed-title = Avgjort på nytt
changed-on = Den { $date }, tidigare enligt "{ $model }"
credit-change-from-to = { $partner }: { $before } blev { $after }
cause-touches-added = En kontakt kom sent
cause-touches-removed = En kontakt är borta
cause-touches-changed = En kontakt är känd på annat sätt
cause-stages-changed = Lead eller affärsmöjlighet flyttades
cause-model-changed = En annan modell
cause-window-changed = Ett annat fönster
cause-rules-changed = Andra regler
credit-change-title = Tillskrivningen skulle bli en annan nu
credit-change-body = Pengar av den har godkänts, så inget har flyttats. När du bekräftar förs det som ska betalas annorlunda tillbaka och blir en ny skuld.
credit-change-confirm = Bekräfta ändringen
credit-change-dismiss = Låt det vara som det är
credit-changes-title = Ändringar som väntar på dig
credit-change-look = Titta på den
