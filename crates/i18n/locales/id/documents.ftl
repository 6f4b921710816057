### Laporan pembayaran dan dokumen lain.

statement-title = Laporan pembayaran
statement-to = Kepada
statement-reference = Tertera di bank
statement-check = Setiap baris dapat dibuka dan diperiksa. Ini sidik jari buku besar asalnya; laporan lama membuktikan bahwa tidak ada yang berubah sejak itu.
statement-proof = Berkas bukti
statement-proof-check = Dengan berkas bukti, laporan pembayaran dapat diperiksa di komputer mana pun yang memiliki Tributary, tanpa bertanya kepada siapa pun: tributary verify-statement BERKAS
column-rule = Aturan
