### Avräkningar och andra dokument.

statement-title = Avräkning
statement-to = Till
statement-reference = Banken visar
statement-check = Varje rad kan öppnas och kontrolleras. Detta är fingeravtrycket av huvudboken den gjordes från; en gammal avräkning bevisar att inget har ändrats sedan dess.
column-rule = Regel
