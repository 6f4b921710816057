### Avräkningar och andra dokument.

statement-title = Avräkning
statement-to = Till
statement-reference = Banken visar
statement-check = Varje rad kan öppnas och kontrolleras. Detta är fingeravtrycket av huvudboken den gjordes från; en gammal avräkning bevisar att inget har ändrats sedan dess.
statement-proof = Bevisfil
statement-proof-check = Med bevisfilen kan en avräkning kontrolleras på vilken dator som helst med Tributary, utan att fråga någon: tributary verify-statement FIL
column-rule = Regel
