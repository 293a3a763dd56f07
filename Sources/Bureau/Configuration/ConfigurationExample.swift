extension Configuration {
    /// The text of `Config/bureau.yaml`: every key, commented, with its default.
    static var example: String {
        var text = """
            # Bureau's configuration: every key, with its default. Take away a # to change one, and start with
            # bureau serve --config Config/bureau.yaml. Flags (--set limits.burst=50) come before variables
            # (BUREAU_LIMITS_BURST=50, in the environment or in .env), and those before this file.
            # bureau config check names every fault. Durations are in seconds.

            """
        var group = ""
        for setting in settings {
            let parts = setting.key.split(separator: ".").map(String.init)
            let (outer, name) = parts.count > 1 ? (parts[0], parts[1]) : ("", parts[0])
            if outer != group {
                group = outer
                if !outer.isEmpty { text += "\n\(outer):" }
            }
            let margin = outer.isEmpty ? "" : "  "
            for line in wrapped(setting.about + note(setting), to: 96) { text += "\n\(margin)# \(line)" }
            text += "\n\(margin)# \(name): \(written(setting))\n"
        }
        return text
    }

    /// Returns the values that a setting may have, where the default does not show them, or the place where it is
    /// given, where that is not the file.
    private static func note(_ setting: Setting) -> String {
        if setting.isSecret {
            return setting.key == "database.url"
                ? " With a password it is given as \(setting.variable) alone, never here."
                : " It is given as \(setting.variable) alone, never here."
        }
        if setting.choices.isEmpty {
            let isRange = ["http.trusted_proxies", "tracking.gateways"].contains(setting.key)
            return isRange ? " A list, as [10.0.0.0/8]." : ""
        }
        return " One of " + setting.choices.joined(separator: ", ") + "."
    }

    private static func written(_ setting: Setting) -> String {
        let text = setting.defaultText
        return text.isEmpty || text.contains(":") ? "\"\(text)\"" : text
    }
}

/// Lines of at most `width` characters, broken between words.
func wrapped(_ text: String, to width: Int) -> [String] {
    var lines: [String] = [], line = ""
    for word in text.split(separator: " ") {
        if !line.isEmpty, line.count + word.count + 1 > width {
            lines.append(line)
            line = ""
        }
        line += (line.isEmpty ? "" : " ") + word
    }
    return lines + [line]
}
