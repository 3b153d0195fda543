# Donor, workshop and lot

party-wrong = File { $file }: { $name } cannot stand on a certificate, for the reason that follows.
party-not-text = File { $file }: { $name } = { $found } is not a text in quotes. Compare with config/settings.example.toml.
party-name-missing = File { $file }: the table [{ $table }] gives no name. Add a line name = "…".
party-too-long = The text that begins with “{ $found }” has { NUMBER($length) } characters, a certificate shows at most { NUMBER($limit) }. Shorten it.
party-too-many-lines = The address has { NUMBER($found) } lines, a certificate shows at most { NUMBER($limit) }. Join some of them.
party-not-printable = The text “{ $found }” holds a character that cannot be printed (a line break, a tab, an invisible one). Type it again.
party-siret-digits = “{ $found }” is not a SIRET number: it takes 14 digits, there are { NUMBER($length) } or other signs.
party-siret-wrong = “{ $found }” is not a SIRET number: its check digit does not match. A digit is wrong, or two are swapped; copy it again from a document of the donor.
party-reference-without-donor = A reference of the donor is given, but no donor. Name it with --donor, or in the [donor] table of the settings.
party-operator-not-a-code = “{ $found }” is not an operator’s code: at most { NUMBER($limit) } letters, digits or signs - _ . /, without spaces. A code, not a name.

cli-option-donor = TOML file of the donor, with a [donor] table (name, address, siret, contact, reference). By default, that of the settings.
cli-option-donor-reference = The donor’s reference for these drives: its inventory, its order.
cli-option-lot = Lot or handover note that the drives came with.
cli-plan-donor = Donor: { $name }
cli-plan-lot = Lot: { $lot }
