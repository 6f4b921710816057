### Managerens sider.

nav-overview = Overblik
nav-partners = Partnere
nav-conversions = Konverteringer
nav-commissions = Kommissioner
nav-settings = Indstillinger
nav-switch = { $name }, skift program
test-mode-strip = Testtilstand: intet her bliver udbetalt, og alt slettes, når du går i drift.
figure-change = { $change } i forhold til perioden før
waiting-title = Venter på dig
waiting-nothing = Intet venter på dig.
waiting-commissions =
    { $count ->
        [one] { $count } kommission at tage stilling til
       *[other] { $count } kommissioner at tage stilling til
    }
waiting-applications =
    { $count ->
        [one] { $count } partner vil være med
       *[other] { $count } partnere vil være med
    }
waiting-held =
    { $count ->
        [one] { $count } konvertering skal ses på
       *[other] { $count } konverteringer skal ses på
    }
waiting-bank-checks =
    { $count ->
        [one] { $count } partner har ændret bankoplysninger
       *[other] { $count } partnere har ændret bankoplysninger
    }
waiting-payout = Udbetaling { $date } skal ses igennem
overview-top = Partnere, der gav mest
overview-all-partners = Alle partnere
first-steps-title = Tre trin til den første kommission
first-steps-plan = Bestem, hvad du betaler for
first-steps-plan-why = Et fast beløb eller en del af salget. Partnerne læser det, før de går med.
first-steps-plan-go = Skriv planen
first-steps-track = Forbind din shop
first-steps-track-why = Én linje på dine sider eller et kald fra din server.
first-steps-track-go = Hent linjen og en nøgle
first-steps-invite = Invitér en partner
first-steps-invite-why = De får deres eget link med det samme.
partners-invite = Invitér partner
partners-empty-title = Ingen partnere endnu
partners-empty-body = Begynd med en, der allerede anbefaler dig. Det gør de fleste programmer.
partners-search-hint = Navn, e-mail eller kode
invite-lede = De får en mail med dine ord, hvad { $program } betaler, og et link til at gå med.
invite-send = Send invitation
field-group = Gruppe
field-group-hint = Planer kan betale grupper forskelligt.
field-words = Dine egne ord
field-words-hint = Hvorfor netop dem? To sætninger gør mere end en skabelon.
partner-since = Partner siden
partner-accept = Luk ind
partner-accept-effect = Links virker og tjener med det samme, og partneren får en mail.
partner-decline = Afvis
partner-decline-effect = Ansøgningen lukkes med en venlig mail. De kan ansøge igen.
partner-pause = Sæt på pause
partner-pause-effect = Links fører stadig til dine sider, men klik fra nu af tjener intet, før du genoptager. Det, der er optjent, bliver stående.
partner-resume = Genoptag
partner-resume-effect = Klik fra nu af tjener igen.
partner-end = Afslut partnerskab
partner-end-effect = Links fører til din reserveside og tjener intet. Det, der er godkendt, udbetales stadig på næste udbetalingsdag.
partner-commissions = Seneste kommissioner
partner-commissions-none = Ingen kommissioner endnu.
partner-facts = Om partneren
partner-link = Link
partner-last-click = Seneste klik
bank-details = Bankoplysninger
bank-check-title = Bankoplysninger er ændret
bank-check-body = Ring til partneren på et nummer, du havde i forvejen, og spørg, om de selv har gjort det. Ingen penge går til den nye konto, før du bekræfter.
bank-check-confirm = Bekræft den nye konto
bank-check-refuse = Behold den gamle
bank-next-payout = Ville gå dertil næste gång
link-make = Lav et link
links-empty-title = Ingen links endnu
links-empty-body = Hver partner får et link, når de går med. Du kan lave flere, til enhver af dine sider.
links-search-hint = Partner, link eller side
link-begins = Linket begynder med
link-domains = Tilladt:
field-link-path = Link
field-link-path-hint = Et eller to ord med / imellem, for eksempel anna/crm.
field-destination = Fører til
field-destination-hint = En side på et af dine domæner. Tom: landingssiden.
conversions-empty-title = Ingen konverteringer endnu
conversions-empty-body = De viser sig inden for et sekund, når din shop melder den første.
conversions-search-hint = Ordrenummer eller partner
conversion-facts = Om konverteringen
conversion-credit = Kredit
conversion-source = Forbindelse
conversion-by-people = Af jer selv: på en side eller i en fil
conversion-id = Nummer
commissions-tab-pending = Venter
commissions-tab-approved = Godkendt
commissions-tab-paid = Udbetalt
commissions-tab-declined = Afvist
commissions-tab-all = Alle
commissions-empty-title = Intet at tage stilling til
commissions-empty-body = Nye kommissioner lander her, så snart en konvertering krediteres en partner.
choose-all = Vælg alle på siden
choose-one = Vælg { $partner }, { $amount }
bulk-hint = Sæt kryds ved dem, du vil tage stilling til. Du ser summerne, før noget sker.
bulk-chosen = Valgt:
approve-question =
    { $count ->
        [one] Godkend { $count } kommission
       *[other] Godkend { $count } kommissioner
    }
approve-effect = Du kommer til at skylde { $amount }.
approve-pay-day = Det udbetales { $date }.
approve-undo = Indtil da kan du føre det tilbage, med en begrundelse.
approve-go = Godkend { $count }
decline-question =
    { $count ->
        [one] Afvis { $count } kommission
       *[other] Afvis { $count } kommissioner
    }
decline-effect = { $amount } bliver ikke udbetalt. Partneren ser den grund, du giver.
decline-go = Afvis { $count }
decline-reason = Hvorfor?
decline-reason-hint = Partneren læser det ord for ord.
decide-skipped =
    { $count ->
        [one] { $count } af de valgte er allerede afgjort og bliver, som den er.
       *[other] { $count } af de valgte er allerede afgjort og bliver, som de er.
    }
payouts-next = Næste udbetaling
payouts-held-back = { $count } holdes tilbage
payouts-look = Se den igennem
payouts-earlier = Tidligere udbetalinger
payouts-none = Ingen udbetalinger endnu. Den første laves på udbetalingsdagen, når noget er godkendt.
payout-run-title = Udbetaling
payout-approved-by = godkendt af { $name }
payout-from = fra { $account }
payout-approve = Godkend { $amount }
payout-approve-effect = Intet er flyttet endnu. Når du godkender, låses beløbene, hver partner får en opgørelse, og du kan hente filen til din bank.
payout-bank-file = Fil til banken
payout-mark-sent = Banken har den
payout-file-hash = Filens fingeraftryk:
payout-lines = Hvem der får udbetalt
payout-held = Holdt tilbage, og hvorfor
payout-nothing-title = Intet at udbetale
payout-nothing-body = Godkendte kommissioner samler sig her til udbetalingsdagen.
held-below-minimum = Under mindstebeløbet; overføres
held-no-bank-details = Ingen bankoplysninger endnu; partneren er spurgt
held-bank-check = Ændrede bankoplysninger venter på, at du ser på dem
held-negative = Skylder fra en retur; modregnes i senere kommissioner
settings-program = Program
settings-plan = Plan
settings-keys = Sporing og nøgler
settings-where = Hvor links fører hen
settings-credit = Hvem der krediteres
settings-money = Hvornår penge udbetales
settings-consent = Samtykke
field-fallback-url = Mens programmet er på pause
field-fallback-url-hint = Links fører hertil. Tom: landingssiden.
field-domains = Tilladte domæner
field-domains-hint = Ét pr. linje. Links kan ikke føre andre steder hen.
field-window = Vindue
field-window-hint = Dage mellem et klik og en konvertering, det kan tjene på. 30 til 90 er normalt.
field-coupon-over-click = En kode slår et klik
field-coupon-over-click-hint = Partneren, hvis kode blev brugt, krediteres.
field-hold = Ventetid
field-hold-hint = Dage før en kommission kan godkendes, for eksempel din returfrist.
field-approve-after-hold = Godkend af sig selv efter ventetiden
field-approve-after-hold-hint = Ellers venter hver kommission på dig.
field-payout-minimum = Mindstebeløb
field-payout-minimum-hint = Mindre beløb overføres til næste udbetalingsdag.
field-payout-day = Udbetalingsdag
field-payout-day-hint = En dag i måneden, 1 til 28.
field-consent-mode = Besøgendes samtykke
field-consent-mode-hint = Uden samtykke gemmer vi intet, der kan identificere en besøgende.
consent-required = Der spørges først
consent-not-required = Der spørges ikke, på et andet grundlag
field-consent-basis = Retsgrundlag
field-consent-basis-hint = Kræves, når der ikke spørges. Det gemmes med hvert klik.
plan-now = Gælder nu
plan-version = Version { $version }, siden { $date }
plan-order = Den første linje, der passer på en konvertering, afgør.
plan-empty-title = Ingen plan endnu
plan-empty-body = Konverteringer gemmes, men intet skyldes, før en plan siger det.
plan-new = En ny version
plan-new-how = Tidligere konverteringer beholder den version, de blev afgjort efter.
plan-wrong = Planen kan ikke bruges endnu
plan-save = Gem ny version
field-plan = Plandokument
field-plan-from = Gælder fra
field-plan-from-hint = I dag eller senere. Dine partnere bør vide det først.
plan-ready = Begynd med en færdig plan
plan-ready-show = Vis den
plan-common = Eller skriv, hvad du betaler
plan-common-how = Lad det stå tomt, du ikke betaler for.
plan-draft = Det ville den betale
plan-draft-how = Intet er gemt endnu. Ret den herunder, hvis du vil, og gem den så.
plan-read = Læs det i ord
plan-unit-net = % uden moms og fragt
plan-unit-gross = % af det betalte
plan-unit-fixed = { $currency } hver gang
plan-payments-each = Hvert salg, ingen fornyelser
plan-payments-once = Kun kundens første
plan-payments-months = Alle i nogle måneder
plan-payments-life = Alle, så længe de kommer
field-plan-ready = Færdig plan
field-plan-sale = For et salg
field-plan-unit = Regnet i
field-plan-payments = Hvilke betalinger
field-plan-months = Hvor mange måneder
field-plan-step-from = Fra salg nummer
field-plan-step-from-hint = Tælles forfra hver måned.
field-plan-step = For hvert derfra
field-plan-lead = For et lead
field-plan-qualified-lead = For et kvalificeret lead
ready-hubspot = 100 % af den første måned eller 15 % i et år, som partneren vil
ready-shopify = Et fast beløb for hver ny kunde
ready-ahrefs = 20 % i 24 måneder
ready-convertkit = 30 % i 24 måneder
ready-b2b-leads = Kvalificerede leads efter karakter
ready-b2b-first-year = 20 % af det første år på én gang
ready-b2b-one-time = 10 % af hvert salg
ready-b2b-recurring = 15 % i to år
ready-b2b-life = 10 %, så længe kunden betaler
ready-b2b-hybrid = Noget for et lead, mere for kunden
ready-b2b-tiers = 20, 25 og 30 % efter månedens salg
ready-contest = 20 % i 24 måneder og en konkurrence
key-fresh-title = Kopiér nøglen nu
key-fresh-body = Vi gemmer kun dens fingeraftryk og kan ikke vise den igen.
key-track-title = Linjen til dine sider
key-track-body = Sæt den i head på hver side, en partner kan føre til. Den sætter først en cookie efter samtykke.
key-public = Programmets offentlige nøgle:
key-program = Din server kalder programmet
keys-title = Nøgler til dine servere
keys-none = Ingen nøgler endnu. En server skal bruge en for at melde konverteringer.
key-make = Lav en nøgle
key-revoke = Tilbagekald
key-revoke-effect = Alt, der bruger nøglen, stopper med det samme. Du kan lave en ny, men ikke denne igen.
field-key-name = Hvad er den til?
field-key-name-hint = For eksempel shoppens navn.
field-key-scope = Den må
scope-report = Melde konverteringer
scope-read = Læse
scope-manage = Ændre partnere og links
what-if-title = Hvad nu hvis
what-if-how = En periodes konverteringer under en anden aftale, ved siden af hvad de har indbragt. Intet gemmes.
what-if-try = Prøv den på jeres konverteringer
what-if-run = Vis hvad den ville koste
what-if-from = Første dag
what-if-until = Sidste dag
what-if-conversion = Forklar én konvertering
what-if-conversion-hint = Dens id, som begynder med conv_. Feltet kan stå tomt.
what-if-cost = Hvad den ville koste
what-if-now = Som det var
what-if-then = Med denne aftale
what-if-difference = Forskel
what-if-per-customer = For hver af { $count ->
    [one] én ny kunde
   *[other] { $count } nye kunder
}
what-if-paid = Betalte konverteringer
what-if-winners = { $count ->
    [one] Én partner tjener mere
   *[other] { $count } partnere tjener mere
}
what-if-losers = { $count ->
    [one] én tjener mindre
   *[other] { $count } tjener mindre
}
what-if-left-out = { $count ->
    [one] Én konvertering er udeladt: den mangler noget, som aftalen skal bruge, eller venter på jer.
   *[other] { $count } konverteringer er udeladt: de mangler noget, som aftalen skal bruge, eller venter på jer.
}
what-if-partners = Partnere, hvis indtjening ændrer sig mest
what-if-one = Én konvertering under begge
what-if-nothing = Der er ingen konverteringer i perioden.
what-if-pays-nothing = Den betaler intet.
settings-attribution = Kreditering
attribution-now = Gælder nu
attribution-model = Hvordan der krediteres
attribution-windows = Hvor længe en berøring tæller
attribution-precedence = Hvad der går forud
attribution-channels = Andre kanaler
attribution-when = Fra hvornår
attribution-save = Gem
attribution-versions = Versioner
attribution-from = Fra
attribution-from-begin = Fra begyndelsen
example-title = Den samme vej efter hver model
example-how = Tre partnere og en annonce før et køb. Leadet kom 5 dage før, salgsmuligheden en time før.
example-advertisement = Søgeannonce
example-days-before =
    { $days ->
        [one] { $days } dag før
       *[other] { $days } dage før
    }
unit-window-days =
    { $days ->
        [one] { $days } dag
       *[other] { $days } dage
    }
field-model = Model
field-model-hint = Listen ovenfor viser, hvad hver af dem gør.
field-half-life = Halveringstid
field-half-life-hint = Til "Nyere tæller mere".
field-u = Vægte: første / imellem / sidste
field-u-hint = Til "Første og sidste". Kun forholdet mellem dem tæller.
field-w = Vægte: første / lead / mulighed / andre
field-w-hint = Til "Første, lead og mulighed".
field-floor = Bund for partnere
field-floor-hint = Til "Partnere først": det, de mindst får tilsammen.
field-floor-base = Deles før bunden efter
field-click-window = Vindue for klik
field-coupon-window = Vindue for koder
field-windows = Andre vinduer
field-windows-hint = Ét pr. linje: hændelse (eller *), slags berøring, dage. For eksempel: qualified_lead click 120
field-precedence = Koder og klik
precedence-coupon = En kode slår et klik
precedence-click = Et klik slår en kode
precedence-alike = Begge tæller ens
field-customer-stays = Kunder bliver hos deres partnere
field-customer-stays-hint = Senere betalinger deles som den første, uanset hvad der siden er klikket på.
field-registration-first = Et registreret lead går forud
field-registration-first-hint = Før koder og klik.
attribution-people = Mennesker
field-people = Hvis berøringer der tæller
field-people-hint = Et køb mellem virksomheder læses der om af én og skrives under af en anden. Mennesker kendes på den mailadresse, de blev meldt med, virksomheder på jeres id, deres nummer eller deres maildomæne; offentlige mailudbydere forbinder ingen.
people-customer = Kundens egne
people-person = Også samme persons under et andet id
people-company = Også alles i virksomheden
field-against = Hvem der konkurrerer med partnerne
field-against-hint = Det, en konkurrerende kanal tjener, udbetales ikke til nogen.
against-nobody = Ingen
against-listed = Kanalerne herunder
against-every-channel = Alle kanaler undtagen direkte besøg
field-channels = Kanaler
field-channels-hint = Én pr. linje, som dine indberetninger kalder dem: paid_search, paid_social, email, other_network.
field-attribution-from-hint = I dag betyder fra nu af. En tidligere dag afgør det, der stadig venter, på ny; det, der er godkendt eller betalt, står ved magt.
conversion-credit-nobody = Andre kanaler: udbetales ikke
journeys-title = Veje
journeys-sub = Vejene til konverteringerne, som de blev afgjort
journeys-show = Vis
journeys-none-title = Ingen konverteringer i de dage
journeys-none-body = Vælg andre dage.
journeys-truncated = Der var flere; de første { $count } vises. Vælg færre dage.
journeys-who = Hvem der tjente, og hvem der ville have gjort det
journeys-who-how = Kredit i konverteringer: som den blev afgjort, og efter hver model på de samme berøringer.
journeys-paths = De hyppigste veje
journeys-length = Hvor længe
journeys-days = Halvdelen tog højst { $median } dage fra første berøring, ni af ti højst { $decile }.
column-touched = Berørte
column-assists = Oplæg
column-decided = Kredit
column-what-if = Ville være
column-path = Vej
path-none = Ingen kendt berøring
length-touches =
    { $count ->
        [0] Ingen berøring
        [one] { $count } berøring
       *[other] { $count } berøringer
    }
length-or-more = { $count } berøringer eller flere
what-if-model = Hvad hvis modellen var
what-if-own = Som den er
what-if-window = Og vinduet
what-if-hint = Prøves på det, man vidste dengang. Intet ændres.
what-if-changed =
    { $changed ->
        [one] { $changed } af { $count } konverteringer ville være krediteret anderledes. Intet er ændret.
       *[other] { $changed } af { $count } konverteringer ville være krediteret anderledes. Intet er ændret.
    }
models-title = Efter hver model
models-how = De samme berøringer og indstillinger. Modellen, der afgjorde det, står med fed.
changed-title = Afgjort på ny
changed-on = Den { $date }, før efter "{ $model }"
credit-change-from-to = { $partner }: { $before } blev til { $after }
cause-touches-added = En berøring kom sent
cause-touches-removed = En berøring er væk
cause-touches-changed = En berøring er kendt anderledes
cause-stages-changed = Lead eller salgsmulighed flyttede sig
cause-model-changed = En anden model
cause-window-changed = Et andet vindue
cause-rules-changed = Andre regler
credit-change-title = Krediteringen ville være en anden nu
credit-change-body = Der er sagt ja til penge af den, så intet er flyttet. Når du bekræfter, føres det, der skal betales anderledes, tilbage og skyldes på ny.
credit-change-confirm = Bekræft ændringen
credit-change-dismiss = Lad det være, som det er
credit-changes-title = Ændringer, der venter på dig
credit-change-look = Se på den
