### Mejl.

mail-log-in-subject = { $code } är din kod till Tributary
mail-log-in-body =
    Din kod är { $code }.

    Skriv den där du bad om den, eller öppna länken:
    { $link }

    Den fungerar i { $minutes } minuter och bara en gång. Om du inte bad om den behöver du inte göra något; ingen kommer in utan koden.
mail-invite-subject = { $manager } bjuder in dig att bli partner till { $program }
mail-invite-body =
    { $manager } vill ha dig som partner i { $program }.

    Se vad du tjänar och få en egen länk:
    { $link }
mail-invite-body-personal =
    { $manager } vill ha dig som partner i { $program } och skriver:

    { $words }

    Se vad du tjänar och få en egen länk:
    { $link }
mail-payout-subject = { $amount } från { $program } är på väg
mail-payout-body =
    { $program } har skickat { $amount } till dig. Räkna med pengarna senast { $date }.

    Avräkningen med varje belopp:
    { $link }
mail-bank-subject = Dina bankuppgifter har ändrats
mail-bank-body =
    Utbetalningar ska gå till ett konto som slutar på { $ending }. Någon tittar på ändringen innan pengar går dit.

    Var det inte du? Logga då in och säg till direkt:
    { $link }
