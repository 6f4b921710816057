### Opgørelser og andre dokumenter.

statement-title = Opgørelse
statement-to = Til
statement-reference = Banken viser
statement-check = Hver linje kan åbnes og kontrolleres. Dette er fingeraftrykket af den hovedbog, den er lavet af; en gammel opgørelse beviser, at intet er ændret siden.
statement-proof = Bevisfil
statement-proof-check = Med bevisfilen kan en opgørelse kontrolleres på enhver maskine med Tributary, uden at spørge nogen: tributary verify-statement FIL
column-rule = Regel
