# Ce que l’opérateur doit savoir avant d’armer un effacement.

plan-rounds-out-of-range = { $rounds } tours de la méthode sont demandés : choisissez de 1 à { $max } tours. Un seul suffit.

plan-warning-flash = Ce support est de la mémoire flash : la réécriture n’atteint ni les blocs de réserve ni les blocs réalloués. Le niveau atteint sera au plus Clear (données inaccessibles par les commandes ordinaires).
plan-warning-medium-unknown = La nature du support, disque ou mémoire flash, n’est pas connue. Si c’est de la mémoire flash, des blocs de réserve ou réalloués resteront hors d’atteinte.
plan-warning-not-verified = Rien ne sera relu : l’effacement restera non prouvé et le disque ne pourra pas quitter le banc.
plan-warning-sampled = La relecture sera un sondage : { PERCENT($permille) } du disque. L’attestation portera cette remarque.
plan-warning-several-passes = Le disque sera réécrit { $passes } fois. Une passe suffit : le NIST (SP 800-88) juge les suivantes inutiles.
