# The erasure methods: their titles, and what can be wrong in a workshop's file.

method-zero-title = Zeros, one pass
method-one-title = Ones (FF), one pass
method-random-title = Random stream, one pass
method-nist-clear-title = NIST SP 800-88 Clear, one pass of zeros
method-dod-short-title = DoD 5220.22-M short, 3 passes
method-dod-522022m-title = DoD 5220.22-M, 7 passes
method-gutmann-title = Gutmann, 35 passes
method-ops2-title = RCMP TSSIT OPS-II, 7 passes
method-ops2-nwipe-title = RCMP TSSIT OPS-II as in nwipe, 9 passes
method-is5-baseline-title = HMG IS5 Baseline, one pass of zeros
method-is5-enhanced-title = HMG IS5 Enhanced, 3 passes
method-schneier-title = Schneier, 7 passes
method-bmb21-2019-title = BMB21-2019, 6 passes
method-vsitr-title = VSITR (BSI), 7 passes
method-gost-r-50739-95-title = GOST R 50739-95, 2 passes
method-afssi-5020-title = AFSSI-5020, 3 passes
method-navso-p-5239-26-title = NAVSO P-5239-26, 3 passes
method-site-title = { $name } (a method of this workshop)

methods-unknown = No method is called “{ $method }”. The command “tablerase methods” lists them.
methods-unknown-close = No method is called “{ $method }”. Did you mean: { $close }?

methods-file-unreadable = The methods file { $file } cannot be read ({ $why }). Check its path and who may read it.
methods-not-utf-8 = The methods file { $file } is not text in UTF-8. Save it in that encoding.
methods-not-toml = The methods file { $file } is not TOML: there is a mistake at line { $line }, column { $column }. Correct that line.
methods-not-toml-at-end = The methods file { $file } is not TOML: it ends in the middle of a value. Complete it.
methods-wrong-file = In { $file }, “{ $field }” is not what is expected: the file holds one or more [[method]] tables, and nothing else.
methods-duplicate-key = In { $file }, two methods have the key “{ $method }”. Give each its own.
methods-built-in-key = In { $file }, the method “{ $method }” takes the key of a method that comes with the program. Give it another key.
methods-wrong-key = In { $file }, the key “{ $found }” will not do: it is written in lower-case letters, digits and hyphens, for example “my-workshop”.
methods-field-missing = In { $file }, the method “{ $method }” has no field “{ $field }”. It needs key, name, source and passes.
methods-field-unknown = In { $file }, the method “{ $method }” has an unknown field, “{ $field }”. It has key, name, source and passes only.
methods-field-empty = In { $file }, the field “{ $field }” of the method “{ $method }” is empty. Fill it in.
methods-field-not-text = In { $file }, the field “{ $field }” of the method “{ $method }” is { $found }: text in quotes is expected.
methods-no-passes = In { $file }, the method “{ $method }” has no pass. “passes” is a list of at least one pass.
methods-wrong-pass = In { $file }, method “{ $method }”, pass { $number }: “{ $found }” is not a pass. Expected are "random", bytes in hexadecimal ("00", "7FFFFFFF"), a letter ("a") or its complement ("~a").
methods-pattern-too-long = In { $file }, method “{ $method }”, pass { $number }: the pattern is too long. It has at most { $limit } bytes.
methods-pass-incomplete = In { $file }, method “{ $method }”, pass { $number }: a pass as a table is written {"{"} write = "random", verify = true {"}"}, with true or false.
methods-pass-field-unknown = In { $file }, method “{ $method }”, pass { $number }: the field “{ $field }” is unknown. A pass has write and verify, a group has shuffled.
methods-group-too-small = In { $file }, method “{ $method }”, pass { $number }: “shuffled” is a list of at least two passes.

## Where the methods come from
method-zero-source = Common practice
method-one-source = Common practice
method-random-source = Common practice
method-nist-clear-source = NIST SP 800-88 r1 and r2, which call further passes unnecessary
method-dod-short-source = As in nwipe (dodshort): passes 1, 2 and 7 of DoD 5220.22-M
method-dod-522022m-source = As in nwipe (dod522022m)
method-gutmann-source = Peter Gutmann, Secure Deletion of Data from Magnetic and Solid-State Memory, USENIX Security Symposium 1996
method-ops2-source = Royal Canadian Mounted Police, TSSIT OPS-II, as its text has it
method-ops2-nwipe-source = As in nwipe (ops2)
method-is5-baseline-source = HMG Infosec Standard 5, baseline
method-is5-enhanced-source = HMG Infosec Standard 5, enhanced
method-schneier-source = Bruce Schneier, Applied Cryptography, second edition, 1996
method-bmb21-2019-source = As in nwipe (bmb)
method-vsitr-source = Bundesamt für Sicherheit in der Informationstechnik, VSITR
method-gost-r-50739-95-source = As implemented in the field; the standard’s text was not at hand
method-afssi-5020-source = As implemented in the field; the instruction’s text was not at hand
method-navso-p-5239-26-source = As implemented in the field; the publication’s text was not at hand
