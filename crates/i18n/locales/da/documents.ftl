### Opgørelser og andre dokumenter.

statement-title = Opgørelse
statement-to = Til
statement-reference = Banken viser
statement-check = Hver linje kan åbnes og kontrolleres. Dette er fingeraftrykket af den hovedbog, den er lavet af; en gammel opgørelse beviser, at intet er ændret siden.
column-rule = Regel
