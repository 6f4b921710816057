### Mails.

mail-log-in-subject = { $code } er din kode til Tributary
mail-log-in-body =
    Din kode er { $code }.

    Skriv den dér, hvor du bad om den, eller åbn dette link:
    { $link }

    Den virker i { $minutes } minutter og kun én gang. Har du ikke bedt om den, skal du ikke gøre noget; ingen kommer ind uden koden.
mail-invite-subject = { $manager } inviterer dig til at blive partner med { $program }
mail-invite-body =
    { $manager } vil gerne have dig som partner i { $program }.

    Se, hvad du tjener, og få dit eget link:
    { $link }
mail-invite-body-personal =
    { $manager } vil gerne have dig som partner i { $program } og skriver:

    { $words }

    Se, hvad du tjener, og få dit eget link:
    { $link }
mail-payout-subject = { $amount } fra { $program } er på vej
mail-payout-body =
    { $program } har sendt dig { $amount }. Regn med pengene senest { $date }.

    Opgørelsen med hvert beløb:
    { $link }
mail-bank-subject = Dine bankoplysninger er ændret
mail-bank-body =
    Udbetalinger skal gå til en konto, der ender på { $ending }. Nogen ser på ændringen, før penge går dertil.

    Var det ikke dig? Så log ind, og sig til med det samme:
    { $link }
