### Filer med rækker: sendt, set igennem, registreret.

uploads-title = Indlæs en fil
uploads-how = Ordrer, leads, refusioner og andet, som intet system melder for dig. Du ser, hvad der vil ske med hver række, før noget tæller.
uploads-open = Indlæs en fil
uploads-earlier = Tidligere filer
uploads-none = Ingen filer endnu.
field-upload-kind = Rækkerne er
upload-kind-conversions = Salg, leads og andre resultater
upload-kind-refunds = Refusioner
upload-kind-corrections = Rettede beløb
upload-kind-departures = Kunder, der er stoppet
upload-kind-stages = Faser, som leads er nået til
field-upload-file = Fil
field-upload-file-hint = CSV eller Excel (.xlsx), højst 128 MB og 1,1 million rækker. Første række navngiver kolonnerne.
field-upload-separator = Tegn mellem kolonner
field-upload-separator-hint = Kun hvis vi læser filen forkert: ét tegn, eller tab.
field-upload-sheet = Ark
field-upload-sheet-hint = Kun for Excel-filer med flere ark; ellers det første.
upload-send = Læs filen
column-rows = Rækker
column-line = Linje
upload-rows =
    { $count ->
        [one] { $count } række
       *[other] { $count } rækker
    }
upload-state-receiving = Læses
upload-state-mapping = Kolonner mangler
upload-state-checking = Ses igennem
upload-state-checked = Klar til dig
upload-state-committing = Registreres
upload-state-committed = Registreret
upload-state-cancelled = Annulleret
upload-outcome-ready = Klar
upload-outcome-applied = Registreret
upload-outcome-duplicate = Kendt i forvejen
upload-outcome-conflict = Andet beløb
upload-outcome-quarantined = Skal ses på
upload-outcome-refused = Forkert
upload-outcome-failed = Ikke gemt
upload-looking = { $done } af { $rows } rækker er set igennem.
upload-recording = { $done } af { $rows } rækker er registreret. Det fortsætter af sig selv.
upload-look-again = Se igen
upload-lead = Lead
upload-leads-matched =
    { $count ->
        [one] I { $count } række blev leadet fundet på virksomhed eller e-mail.
       *[other] I { $count } rækker blev leadet fundet på virksomhed eller e-mail.
    }
upload-matched =
    { $count ->
        [one] I { $count } række blev kunden fundet ved e-mail eller en tidligere ordre.
       *[other] I { $count } rækker blev kunden fundet ved e-mail eller en tidligere ordre.
    }
upload-commit-title = Registrér rækkerne
upload-commit-how = Rækker, der er klar, tæller, som var de meldt én for én. Rækker med et andet beløb eller en usandsynlig dato går i karantæne. Forkerte rækker udelades.
upload-commit-leads-how = Hvert lead flyttes, som om du havde gjort det i hånden, og det, en fase meldes som, betales efter din plan. Forkerte rækker udelades.
upload-commit =
    { $count ->
        [one] Registrér { $count } række
       *[other] Registrér { $count } rækker
    }
upload-columns-title = Hvad kolonnerne er
upload-columns-how = Din næste fil med de samme kolonner læses på samme måde.
upload-column-none = Bruges ikke
upload-field-order-id = Ordre- eller leadnummer
upload-field-type = Type af resultat
upload-field-occurred-at = Hvornår det skete
upload-field-amount = Beløb
upload-field-net-amount = Beløb uden moms
upload-field-currency = Valuta
upload-field-quantity = Antal
upload-field-customer-id = Dit kundenummer
upload-field-email = Kundens e-mail
upload-field-lead-order-id = Tidligere ordre- eller leadnummer
upload-field-lead-id = Leadets id
upload-field-click-id = Klik
upload-field-code = Partnerens kode
upload-field-via = Henvisningskode
upload-field-partner = Partnerens id
upload-field-company-id = Dit id for virksomheden
upload-field-company-number = CVR-nummer
upload-field-company-domain = Virksomhedens domæne
upload-field-stage = Fase
upload-field-reason = Hvorfor tabt
upload-field-grade = Leadets karakter
upload-field-customer-country = Kundens land
upload-field-customer-source = Kundens kilde
upload-field-refund-id = Refusionsnummer
upload-field-refund-kind = Refusion eller chargeback
upload-field-correction-id = Rettelsens nummer
upload-field-departure-id = Opsigelsens nummer
upload-field-left-at = Hvornår kunden stoppede
field-upload-decimal = Beløb er skrevet som
field-upload-dates = Datoer er skrevet som
field-upload-event = Type for rækker uden
field-upload-event-hint = sale, lead, signup eller programmets egen.
upload-map = Gem og se igen
upload-preview-title = Hvad der vil ske med rækkerne
upload-result-title = Hvad der skete med rækkerne
upload-csv = Hent som CSV
upload-cancel = Annullér indlæsningen
upload-cancel-how = Det, der er registreret, bliver. Resten registreres ikke, og rækkerne slettes.
done-upload-mapped = Kolonnerne er gemt.
done-upload-committed = Rækkerne registreres nu.
done-upload-cancelled = Indlæsningen er annulleret.
refusal-amount-too-large = Beløbet er for stort.
refusal-click-id-refused = Klikket er ikke et af vores, eller det er for gammelt. Udelad det.
refusal-clicks-are-counted = Klik tælles her og kan ikke indlæses.
refusal-column-required = Sig, hvilken kolonne det er.
refusal-column-unknown = Filen har ingen sådan kolonne.
refusal-came-further = Leadet var nået længere før denne række. Sortér filen efter dato med de ældste først.
refusal-conflict = Ordren er kendt med et andet beløb. Den går i karantæne, eller send en rettelse.
refusal-extra-cells = Rækken har flere celler end første række. Sæt tekster, der indeholder tegnet mellem kolonner, i citationstegn.
refusal-field-unknown = Det kan disse rækker ikke have.
refusal-file-empty = Filen har ingen rækker.
refusal-file-old-form = Det er en ældre eller beskyttet Excel-fil. Gem den som .xlsx uden adgangskode eller som CSV.
refusal-file-too-large = Filen er for stor. Del den op.
refusal-lead-ambiguous = Flere leads passer på dette. Tilføj en kolonne med leadets id.
refusal-nothing-ready = Ingen række i filen ville ændre noget.
refusal-number-malformed = Skriv et helt tal.
refusal-occurred-in-the-future = Datoen ligger fremme i tiden. Rækken går i karantæne.
refusal-occurred-too-long-ago = Datoen ligger meget langt tilbage. Rækken går i karantæne.
refusal-order-ambiguous = Flere resultater har dette nummer. Tilføj en kolonne med typen.
refusal-order-unknown = Intet resultat i programmet har dette nummer. Meld det først.
refusal-partner-malformed = Det er ikke en partners id. En henvisningskode hører til i sin egen kolonne.
refusal-quote-open = Et citationstegn åbnes her og lukkes aldrig.
refusal-quotes-broken = For mange citationstegn lukkes aldrig. Gem filen igen som CSV.
refusal-row-too-long = Rækken eller en af dens celler er for lang.
refusal-separator-unknown = Angiv ét tegn, f.eks. ; eller ordet tab.
refusal-sheet-unknown = Filen har intet ark med det navn.
refusal-too-many-columns = Filen har mere end 200 kolonner. Udelad dem, der ikke bruges.
refusal-too-many-rows = Filen har mere end 1,1 million rækker. Del den op.
refusal-too-many-uploads = Mange filer venter allerede. Registrér eller annullér nogle af dem.
refusal-twice-in-file = En tidligere række i filen har samme ordre. Den tæller én gang.
refusal-upload-changed = Indlæsningen er ændret i mellemtiden. Se på den igen.
refusal-upload-in-progress = Samme fil læses netop nu. Se igen om lidt.
refusal-upload-not-checked = Rækkerne er ikke alle set igennem endnu.
refusal-upload-settled = Indlæsningen er allerede registreret eller annulleret. Send filen igen.
refusal-workbook-too-large = Excel-filen er for stor. Del den op, eller gem den som CSV.
refusal-workbook-unreadable = Excel-filen kan ikke læses. Gem den igen eller som CSV.
