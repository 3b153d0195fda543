# Policy files (--policy): what is wrong in them, and where.

policy-unreadable = { $file } cannot be read: { $why }.
policy-not-toml = { $file } is not a TOML file: { $why }.
policy-field-missing = { $file }: “{ $field }” is missing, which every policy must say.
policy-field-unknown = { $file }, line { $line }: “{ $field }” is not known. Correct or remove it.
policy-field-empty = { $file }, line { $line }: “{ $field }” is empty.
policy-out-of-range = { $file }, line { $line }: “{ $field }” is { $found }, out of range ({ $limit }).
policy-wrong-choice = { $file }, line { $line }: “{ $field }” is { $found }; possible choices: { $choices }.
policy-wrong-value = { $file }, line { $line }: “{ $field }” cannot be { $found }. See the examples provided, clear.toml and purge.toml.
policy-technique-twice = { $file }, line { $line }: “{ $field }” names { $found } twice.
policy-too-few-canaries = { $file }, line { $line }: “{ $field }” is { $found }: choose 0, or at least { $fewest }.
