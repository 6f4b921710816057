### Mails.

mail-log-in-subject = { $code } is your code for Tributary
mail-log-in-body =
    Your code is { $code }.

    Type it where you asked for it, or open this link:
    { $link }

    It works for { $minutes } minutes and once only. If you did not ask for it, do nothing; nobody gets in without the code.
mail-invite-subject = { $manager } invites you to be a partner of { $program }
mail-invite-body =
    { $manager } would like you as a partner of { $program }.

    See what you earn, and get your own link:
    { $link }
mail-invite-body-personal =
    { $manager } would like you as a partner of { $program } and writes:

    { $words }

    See what you earn, and get your own link:
    { $link }
mail-payout-subject = { $amount } from { $program } is on its way
mail-payout-body =
    { $program } has sent you { $amount }. Expect it by { $date }.

    The statement with every amount in it:
    { $link }
mail-bank-subject = Your bank details were changed
mail-bank-body =
    Payouts are to go to an account that ends in { $ending }. Somebody looks at the change before money goes there.

    Was it not you? Then log in and say so at once:
    { $link }
