### Filer med rader: skickade, granskade, registrerade.

uploads-title = Läs in en fil
uploads-how = Ordrar, leads, återbetalningar och annat som inget system rapporterar åt dig. Du ser vad som skulle hända med varje rad innan något räknas.
uploads-open = Läs in en fil
uploads-earlier = Tidigare filer
uploads-none = Inga filer ännu.
field-upload-kind = Raderna är
upload-kind-conversions = Försäljning, leads och andra resultat
upload-kind-refunds = Återbetalningar
upload-kind-corrections = Rättade belopp
upload-kind-departures = Kunder som har slutat
upload-kind-stages = Steg som leads har nått
field-upload-file = Fil
field-upload-file-hint = CSV eller Excel (.xlsx), högst 128 MB och 1,1 miljoner rader. Första raden namnger kolumnerna.
field-upload-separator = Tecken mellan kolumner
field-upload-separator-hint = Bara om vi läser filen fel: ett tecken, eller tab.
field-upload-sheet = Blad
field-upload-sheet-hint = Bara för Excel-filer med flera blad; annars det första.
upload-send = Läs filen
column-rows = Rader
column-line = Rad
upload-rows =
    { $count ->
        [one] { $count } rad
       *[other] { $count } rader
    }
upload-state-receiving = Läses
upload-state-mapping = Kolumner saknas
upload-state-checking = Granskas
upload-state-checked = Klar för dig
upload-state-committing = Registreras
upload-state-committed = Registrerad
upload-state-cancelled = Avbruten
upload-outcome-ready = Klar
upload-outcome-applied = Registrerad
upload-outcome-duplicate = Redan känd
upload-outcome-conflict = Annat belopp
upload-outcome-quarantined = Behöver granskas
upload-outcome-refused = Fel
upload-outcome-failed = Inte sparad
upload-looking = { $done } av { $rows } rader är granskade.
upload-recording = { $done } av { $rows } rader är registrerade. Det fortsätter av sig självt.
upload-look-again = Titta igen
upload-lead = Lead
upload-leads-matched =
    { $count ->
        [one] På { $count } rad hittades leadet via företag eller e-post.
       *[other] På { $count } rader hittades leadet via företag eller e-post.
    }
upload-matched =
    { $count ->
        [one] På { $count } rad hittades kunden via e-post eller en tidigare order.
       *[other] På { $count } rader hittades kunden via e-post eller en tidigare order.
    }
upload-commit-title = Registrera raderna
upload-commit-how = Rader som är klara räknas som om de hade rapporterats en och en. Rader med ett annat belopp eller ett osannolikt datum hamnar i karantän. Felaktiga rader lämnas utanför.
upload-commit-leads-how = Varje lead flyttas som om du hade gjort det för hand, och det som ett steg rapporteras som betalas enligt din plan. Felaktiga rader utelämnas.
upload-commit =
    { $count ->
        [one] Registrera { $count } rad
       *[other] Registrera { $count } rader
    }
upload-columns-title = Vad kolumnerna är
upload-columns-how = Din nästa fil med samma kolumner läses på samma sätt.
upload-column-none = Används inte
upload-field-order-id = Order- eller leadnummer
upload-field-type = Typ av resultat
upload-field-occurred-at = När det hände
upload-field-amount = Belopp
upload-field-net-amount = Belopp utan moms
upload-field-currency = Valuta
upload-field-quantity = Antal
upload-field-customer-id = Ditt kundnummer
upload-field-email = Kundens e-post
upload-field-lead-order-id = Tidigare order- eller leadnummer
upload-field-lead-id = Leadets id
upload-field-click-id = Klick
upload-field-code = Partnerns kod
upload-field-via = Hänvisningskod
upload-field-partner = Partnerns id
upload-field-company-id = Ditt id för företaget
upload-field-company-number = Organisationsnummer
upload-field-company-domain = Företagets domän
upload-field-stage = Steg
upload-field-reason = Varför förlorat
upload-field-grade = Leadets betyg
upload-field-customer-country = Kundens land
upload-field-customer-source = Kundens källa
upload-field-refund-id = Återbetalningens nummer
upload-field-refund-kind = Återbetalning eller chargeback
upload-field-correction-id = Rättelsens nummer
upload-field-departure-id = Uppsägningens nummer
upload-field-left-at = När kunden slutade
field-upload-decimal = Belopp skrivs som
field-upload-dates = Datum skrivs som
field-upload-event = Typ för rader utan
field-upload-event-hint = sale, lead, signup eller programmets egen.
upload-map = Spara och titta igen
upload-preview-title = Vad som skulle hända med raderna
upload-result-title = Vad som hände med raderna
upload-csv = Hämta som CSV
upload-cancel = Avbryt inläsningen
upload-cancel-how = Det som är registrerat står kvar. Resten registreras inte, och raderna tas bort.
done-upload-mapped = Kolumnerna är sparade.
done-upload-committed = Raderna registreras nu.
done-upload-cancelled = Inläsningen är avbruten.
refusal-amount-too-large = Beloppet är för stort.
refusal-click-id-refused = Klicket är inte ett av våra, eller för gammalt. Utelämna det.
refusal-clicks-are-counted = Klick räknas här och kan inte läsas in.
refusal-column-required = Ange vilken kolumn det är.
refusal-column-unknown = Filen har ingen sådan kolumn.
refusal-came-further = Leadet hade kommit längre före den här raden. Sortera filen efter datum med de äldsta först.
refusal-conflict = Ordern är känd med ett annat belopp. Den hamnar i karantän, eller skicka en rättelse.
refusal-extra-cells = Raden har fler celler än första raden. Sätt texter som innehåller tecknet mellan kolumner inom citattecken.
refusal-field-unknown = Det kan de här raderna inte ha.
refusal-file-empty = Filen har inga rader.
refusal-file-old-form = Det är en äldre eller skyddad Excel-fil. Spara den som .xlsx utan lösenord, eller som CSV.
refusal-file-too-large = Filen är för stor. Dela upp den.
refusal-lead-ambiguous = Flera leads stämmer med detta. Lägg till en kolumn med leadets id.
refusal-nothing-ready = Ingen rad i filen skulle ändra något.
refusal-number-malformed = Skriv ett heltal.
refusal-occurred-in-the-future = Datumet ligger framåt i tiden. Raden hamnar i karantän.
refusal-occurred-too-long-ago = Datumet ligger mycket långt tillbaka. Raden hamnar i karantän.
refusal-order-ambiguous = Flera resultat har det här numret. Lägg till en kolumn med typen.
refusal-order-unknown = Inget resultat i programmet har det här numret. Rapportera det först.
refusal-partner-malformed = Det är inte en partners id. En hänvisningskod hör hemma i sin egen kolumn.
refusal-quote-open = Ett citattecken öppnas här och stängs aldrig.
refusal-quotes-broken = För många citattecken stängs aldrig. Spara filen igen som CSV.
refusal-row-too-long = Raden eller en av dess celler är för lång.
refusal-separator-unknown = Ange ett tecken, till exempel ; eller ordet tab.
refusal-sheet-unknown = Filen har inget blad med det namnet.
refusal-too-many-columns = Filen har fler än 200 kolumner. Utelämna dem som inte behövs.
refusal-too-many-rows = Filen har fler än 1,1 miljoner rader. Dela upp den.
refusal-too-many-uploads = Många filer väntar redan. Registrera eller avbryt några av dem.
refusal-twice-in-file = En tidigare rad i filen har samma order. Den räknas en gång.
refusal-upload-changed = Inläsningen har ändrats under tiden. Titta på den igen.
refusal-upload-in-progress = Samma fil läses just nu. Titta igen om en stund.
refusal-upload-not-checked = Alla rader är inte granskade ännu.
refusal-upload-settled = Inläsningen är redan registrerad eller avbruten. Skicka filen igen.
refusal-workbook-too-large = Excel-filen är för stor. Dela upp den, eller spara den som CSV.
refusal-workbook-unreadable = Excel-filen kan inte läsas. Spara den igen eller som CSV.
