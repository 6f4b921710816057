### What pages say about acts: what they do, what was done, and why not.

seat-change = Arbeta för { $name }
log-in-link-how = Du har öppnat länken i vårt mejl. Ett tryck till och du är inne.
program-new-title = Ett nytt program
field-country = Land
field-country-hint = Två bokstäver, till exempel SE.
waiting-quarantined =
    { $count ->
        [one] { $count } rapport kunde inte användas
       *[other] { $count } rapporter kunde inte användas
    }
conversion-declined = Avböjd
explanation-times =
    { $count ->
        [one] { $count } gång
       *[other] { $count } gånger
    }
reason-click-decides = Här avgör ett klick, och det fanns ett.
reason-assigned = Kunden hör redan till en annan partner.
reason-after-conversion = Det kom efter köpet.
reason-not-used = Programmet knyter inte kunder till deras partner.
reason-unrecorded = Vi har inte klicket i våra uppgifter; en människa tittar först.
reason-rejected = En människa har tittat, och det räknas inte.
reason-not-first = Bara kundens första ersätts.
reason-months-over = De månader då kunden ger provision är över.
reason-earlier-rule = En tidigare rad i planen avgjorde.
reason-nothing = Det blev mindre än det minsta belopp som finns.
reason-no-plan = Programmet hade ingen plan vid den tiden.
reason-nobody = Ingen partner krediterades.
settle-title = Den här konverteringen väntar på dig
settle-body = Den nämner ett klick från en stund då klick gick förlorade, så vi kan inte bevisa det. Räknas det?
settle-accept = Det räknas
settle-reject = Det räknas inte
field-paused = Pausat
field-paused-hint = Länkar leder fortfarande någonstans, men klick ger inget från och med nu.
plan-unusual = Planen kan användas, men titta på det här först
plan-save-unusual = Spara den som den är
settings-account = Konto
go-live = Gå live
go-live-effect = Alla konverteringar och provisioner från testläget raderas. Därefter är belopp verkliga och betalas ut. Det går inte att gå tillbaka till testläget.
scope-postback = Rapportera via adress (postback)
take-back = Ta tillbaka godkännandet
take-back-question =
    { $count ->
        [one] Ta tillbaka godkännandet av { $count } provision
       *[other] Ta tillbaka godkännandet av { $count } provisioner
    }
take-back-effect = { $amount } väntar åter på ett beslut.
take-back-go = Ta tillbaka { $count }
invite-again = Skicka inbjudan igen
decline-fraud = Bedrägeri
decline-mistake = Bokförd av misstag
decline-other = Ett annat skäl; fråga programmet
decline-refund = Kunden fick pengarna tillbaka
decline-chargeback = Kundens bank tog tillbaka pengarna
event-click = Klick
event-sale = Försäljning
event-renewal = Förnyelse
event-upgrade = Uppgradering
event-subscription = Abonnemang
event-lead = Lead
event-qualified-lead = Kvalificerat lead
event-signup = Registrering
event-trial = Provperiod
event-demo = Demo
event-meeting = Möte
rule-once = bara kundens första
rule-months =
    { $count ->
        [one] i { $count } månad
       *[other] i { $count } månader
    }
rule-life = så länge kunden betalar
rule-per-item = för varje enhet
done-program-made = Programmet är skapat. Det är i testläge tills du går live.
done-invited = Inbjudan är skickad.
done-link-made = Länken är skapad och fungerar inom en sekund.
done-settled = Det är avgjort.
done-status = Partnerskapet är ändrat.
done-bank-confirmed = Det nya kontot används från och med nu.
done-bank-refused = Det nya kontot är avvisat.
done-approved =
    { $count ->
        [one] { $count } provision är godkänd.
       *[other] { $count } provisioner är godkända.
    }
done-declined =
    { $count ->
        [one] { $count } provision är avböjd.
       *[other] { $count } provisioner är avböjda.
    }
done-taken-back =
    { $count ->
        [one] { $count } provision väntar igen.
       *[other] { $count } provisioner väntar igen.
    }
done-saved = Sparat.
done-live = Programmet är live. Belopp är verkliga från och med nu.
done-plan = Planen är sparad.
done-revoked = Nyckeln är återkallad.
done-joined = Du är partner nu.
refusal-log-in-stale = Länken är använd eller har gått ut. Be om en ny.
refusal-mail-not-taken = Mejlet kunde inte skickas. Försök igen om en stund.
refusal-nothing-chosen = Kryssa först för dem du vill avgöra.
refusal-second-person = Du har själv angett kontot. Någon annan måste titta på det.
refusal-selection-changed = Något har ändrats under tiden. Titta på siffrorna igen.
refusal-whole-number = Skriv ett heltal.
refusal-amount-malformed = Skriv ett belopp som 500.00.
refusal-day-malformed = Välj en dag.
refusal-unknown-currency = Välj en valuta.
refusal-country-malformed = Skriv två bokstäver, som SE.
refusal-over-sale = Raden betalar mer än försäljningen.
refusal-unreachable = En tidigare rad avgör alltid, så den här betalar aldrig.
refusal-before-newest = En senare version är redan planerad. Välj dess dag eller en senare.
