# Les méthodes d’effacement : leurs titres, et ce qui peut être faux dans le fichier d’un atelier.

method-zero-title = Zéros, une passe
method-one-title = Uns (FF), une passe
method-random-title = Flux aléatoire, une passe
method-nist-clear-title = NIST SP 800-88 « Clear », une passe de zéros
method-dod-short-title = DoD 5220.22-M abrégée, 3 passes
method-dod-522022m-title = DoD 5220.22-M, 7 passes
method-gutmann-title = Gutmann, 35 passes
method-ops2-title = GRC (RCMP) TSSIT OPS-II, 7 passes
method-ops2-nwipe-title = GRC (RCMP) TSSIT OPS-II selon nwipe, 9 passes
method-is5-baseline-title = HMG IS5 « Baseline », une passe de zéros
method-is5-enhanced-title = HMG IS5 « Enhanced », 3 passes
method-schneier-title = Schneier, 7 passes
method-bmb21-2019-title = BMB21-2019, 6 passes
method-vsitr-title = VSITR (BSI), 7 passes
method-gost-r-50739-95-title = GOST R 50739-95, 2 passes
method-afssi-5020-title = AFSSI-5020, 3 passes
method-navso-p-5239-26-title = NAVSO P-5239-26, 3 passes
method-site-title = { $name } (méthode propre à l’atelier)

methods-unknown = Aucune méthode ne s’appelle « { $method } ». La commande « tablerase methods » les liste.
methods-unknown-close = Aucune méthode ne s’appelle « { $method } ». Vouliez-vous dire : { $close } ?

methods-file-unreadable = Le fichier de méthodes { $file } ne peut pas être lu ({ $why }). Vérifiez son chemin et ses droits d’accès.
methods-not-utf-8 = Le fichier de méthodes { $file } n’est pas du texte en UTF-8. Enregistrez-le dans ce codage.
methods-not-toml = Le fichier de méthodes { $file } n’est pas du TOML : une faute se trouve à la ligne { $line }, colonne { $column }. Corrigez cette ligne.
methods-not-toml-at-end = Le fichier de méthodes { $file } n’est pas du TOML : il se termine au milieu d’une valeur. Complétez-le.
methods-wrong-file = Dans { $file }, « { $field } » n’est pas ce qui est attendu : le fichier contient une ou plusieurs tables [[method]], et rien d’autre.
methods-duplicate-key = Dans { $file }, deux méthodes ont la clé « { $method } ». Donnez à chacune la sienne.
methods-built-in-key = Dans { $file }, la méthode « { $method } » prend la clé d’une méthode fournie avec le programme. Donnez-lui une autre clé.
methods-wrong-key = Dans { $file }, la clé « { $found } » ne convient pas : elle s’écrit en minuscules, chiffres et traits d’union, par exemple « mon-atelier ».
methods-field-missing = Dans { $file }, la méthode « { $method } » n’a pas de champ « { $field } ». Elle a besoin de key, name, source et passes.
methods-field-unknown = Dans { $file }, la méthode « { $method } » a un champ inconnu, « { $field } ». Elle n’a que key, name, source et passes.
methods-field-empty = Dans { $file }, le champ « { $field } » de la méthode « { $method } » est vide. Remplissez-le.
methods-field-not-text = Dans { $file }, le champ « { $field } » de la méthode « { $method } » vaut { $found } : un texte entre guillemets est attendu.
methods-no-passes = Dans { $file }, la méthode « { $method } » n’a pas de passe. « passes » est une liste d’au moins une passe.
methods-wrong-pass = Dans { $file }, méthode « { $method } », passe { $number } : « { $found } » n’est pas une passe. Sont attendus "random", des octets en hexadécimal ("00", "7FFFFFFF"), une lettre ("a") ou son complément ("~a").
methods-pattern-too-long = Dans { $file }, méthode « { $method } », passe { $number } : le motif est trop long. Il a au plus { $limit } octets.
methods-pass-incomplete = Dans { $file }, méthode « { $method } », passe { $number } : une passe sous forme de table s’écrit {"{"} write = "random", verify = true {"}"}, avec true ou false.
methods-pass-field-unknown = Dans { $file }, méthode « { $method } », passe { $number } : le champ « { $field } » est inconnu. Une passe a write et verify, un groupe a shuffled.
methods-group-too-small = Dans { $file }, méthode « { $method } », passe { $number } : « shuffled » est une liste d’au moins deux passes.

## D’où viennent les méthodes
method-zero-source = usage courant
method-one-source = usage courant
method-random-source = usage courant
method-nist-clear-source = NIST SP 800-88 r1 et r2, qui jugent d’autres passes inutiles
method-dod-short-source = comme nwipe (dodshort) : passes 1, 2 et 7 de DoD 5220.22-M
method-dod-522022m-source = comme nwipe (dod522022m)
method-gutmann-source = Peter Gutmann, Secure Deletion of Data from Magnetic and Solid-State Memory, USENIX Security Symposium 1996
method-ops2-source = Gendarmerie royale du Canada, TSSIT OPS-II, selon son texte
method-ops2-nwipe-source = comme nwipe (ops2)
method-is5-baseline-source = HMG Infosec Standard 5, niveau de base
method-is5-enhanced-source = HMG Infosec Standard 5, niveau renforcé
method-schneier-source = Bruce Schneier, Applied Cryptography, 2e édition, 1996
method-bmb21-2019-source = comme nwipe (bmb)
method-vsitr-source = Bundesamt für Sicherheit in der Informationstechnik, VSITR
method-gost-r-50739-95-source = telle que les outils la mettent en œuvre ; le texte de la norme n’a pas été consulté
method-afssi-5020-source = telle que les outils la mettent en œuvre ; le texte de l’instruction n’a pas été consulté
method-navso-p-5239-26-source = telle que les outils la mettent en œuvre ; le texte de la publication n’a pas été consulté
