### Laporan pembayaran dan dokumen lain.

statement-title = Laporan pembayaran
statement-to = Kepada
statement-reference = Tertera di bank
statement-check = Setiap baris dapat dibuka dan diperiksa. Ini sidik jari buku besar asalnya; laporan lama membuktikan bahwa tidak ada yang berubah sejak itu.
column-rule = Aturan
