# The workshop’s settings

settings-unreadable = The settings file { $file } cannot be read ({ $why }). Check its path and permissions.
settings-not-toml = The settings file { $file } is not TOML in UTF-8 ({ $why }). Correct that line.
settings-unknown = Settings file { $file }: “{ $name }” is no setting. Compare with config/settings.example.toml.
settings-too-small = Settings file { $file }: { $name } = { $found } is too small, it must be at least { $limit }.
settings-not-above = Settings file { $file }: { $name } = { $found } is too small, it must be more than { $limit }.
settings-too-large = Settings file { $file }: { $name } = { $found } is too large, it must be { $limit } at most.
settings-not-a-number = Settings file { $file }: { $name } = { $found } is not of the form expected. Compare with config/settings.example.toml.
cli-option-settings = TOML file of the workshop’s settings; config/settings.example.toml shows them all.
