import Glibc
import Social
import Testing

@testable import Bureau

/// A configuration from these sources alone.
private func load(
    flags: [(key: String, value: String)] = [], environment: [String: String] = [:], file: String? = nil,
    dotEnv: String? = nil
) -> LoadedConfiguration {
    let surroundings = ProcessSurroundings(environment: environment, workingFolder: "/w") {
        path throws(FileError) in
        switch path {
        case "/w/.env": dotEnv
        case "/w/c.yaml": file
        default: nil
        }
    }
    return ConfigurationReader.load(flags: flags, file: file == nil ? nil : "c.yaml", surroundings)
}

@Suite struct ConfigurationTests {
    @Test func `without anything, the defaults`() {
        let loaded = load()
        #expect(loaded.faults.isEmpty && loaded.warnings.isEmpty && loaded.sources.isEmpty)
        #expect(loaded.configuration.requestsPerMinute == 1200)
        #expect(loaded.configuration.burst == 200)
        #expect(loaded.configuration.signup == .closed)
        #expect(loaded.configuration.backupTime == TimeOfDay(hour: 3, minute: 30))
        #expect(loaded.configuration.readTimeout == .seconds(15))
    }

    @Test func `flags come before variables, these before .env, that before the file`() {
        let file =
            "limits:\n  burst: 1\n  requests_per_minute: 1\n  signups_per_minute: 1\n  json_body_bytes: 2000\n"
        let loaded = load(
            flags: [("limits.burst", "4")],
            environment: ["BUREAU_LIMITS_BURST": "3", "BUREAU_LIMITS_REQUESTS_PER_MINUTE": "3"],
            file: file,
            dotEnv:
                "BUREAU_LIMITS_BURST=2\nBUREAU_LIMITS_REQUESTS_PER_MINUTE=2\nBUREAU_LIMITS_SIGNUPS_PER_MINUTE=2\n"
        )
        let configuration = loaded.configuration
        #expect(configuration.burst == 4)
        #expect(configuration.requestsPerMinute == 3)
        #expect(configuration.signupsPerMinute == 2)
        #expect(configuration.jsonBodyBytes == 2000)
        #expect(loaded.sources["limits.burst"] == "the command line")
        #expect(loaded.sources["limits.requests_per_minute"] == "BUREAU_LIMITS_REQUESTS_PER_MINUTE")
        #expect(loaded.sources["limits.json_body_bytes"] == "c.yaml, line 5")
    }

    @Test func `every fault is named at once, by its key`() {
        let loaded = load(
            environment: [
                "BUREAU_SIGNUP_MODE": "sometimes", "BUREAU_LIMITS_BURST": "lots",
                "BUREAU_HTTP_READ_TIMEOUT": "0",
                "BUREAU_LISTEN": "nowhere", "BUREAU_BACKUP_AT": "25:00", "BUREAU_LOG_REQUESTS": "perhaps",
                "BUREAU_HTTP_TRUSTED_PROXIES": "10.0.0.0/8, elsewhere", "BUREAU_MASTER_KEY": "short",
                "BUREAU_PUBLIC_URL": "bureau.example.com", "BUREAU_CRAWLER_DELAY_MS": "-1",
                "BUREAU_CRAWLER_USER_AGENT": "Mozilla/5.0",
                "BUREAU_OUTBOUND_CONNECT_TO": "*:80=127.0.0.1:81, a.example:80=b.example:80",
            ])
        #expect(
            loaded.faults.map(\.description).sorted() == [
                "backup.at: must be a time such as 03:30 (BUREAU_BACKUP_AT)",
                "crawler.delay_ms: must be from 0 to 3600000 (BUREAU_CRAWLER_DELAY_MS)",
                "crawler.user_agent: must begin with BureauBot/ and have only letters and signs of ASCII "
                    + "(BUREAU_CRAWLER_USER_AGENT)",
                "http.read_timeout: must be from 1 to 3600 seconds (BUREAU_HTTP_READ_TIMEOUT)",
                "http.trusted_proxies: each must be an address or a range such as 10.0.0.0/8, unlike elsewhere "
                    + "(BUREAU_HTTP_TRUSTED_PROXIES)",
                "limits.burst: must be a whole number (BUREAU_LIMITS_BURST)",
                "listen: must be host:port (BUREAU_LISTEN)",
                "log.requests: must be true or false (BUREAU_LOG_REQUESTS)",
                "master_key: must be the base 64 of 32 bytes: openssl rand -base64 32 (BUREAU_MASTER_KEY)",
                "outbound.connect_to: each must be HOST:PORT=ADDRESS:PORT, where HOST may be * or begin with "
                    + "*., unlike a.example:80=b.example:80 (BUREAU_OUTBOUND_CONNECT_TO)",
                "public_url: must begin with https:// or http:// and not end with / (BUREAU_PUBLIC_URL)",
                "signup.mode: must be open or closed (BUREAU_SIGNUP_MODE)",
            ])
    }

    @Test func `a good value of a later layer mends a bad one below it`() {
        let loaded = load(flags: [("signup.mode", "open")], environment: ["BUREAU_SIGNUP_MODE": "sometimes"])
        #expect(loaded.faults.isEmpty)
        #expect(loaded.configuration.signup == .open)
    }

    @Test func `what is unknown is warned about with a suggestion, and not refused`() {
        let loaded = load(
            environment: ["BUREAU_SIGNUP_MODUS": "open", "BUREAU_BIN": "/b", "HOME": "/h"],
            file: "limits:\n  brust: 3\nlisten: 0.0.0.0:80\n")
        #expect(loaded.faults.isEmpty)
        #expect(
            loaded.warnings == [
                "c.yaml, line 2: limits.brust is not a known key and is ignored; did you mean limits.burst?",
                "BUREAU_SIGNUP_MODUS is not a known setting and is ignored; did you mean BUREAU_SIGNUP_MODE?",
            ])
        #expect(loaded.configuration.listen == ListenAddress(host: "0.0.0.0", port: 80))
    }

    @Test func `a flag with no such key is a fault, and so is a secret among the flags`() {
        let loaded = load(flags: [("limits.brust", "1"), ("master_key", "x")])
        #expect(loaded.faults.map(\.key) == ["limits.brust", "master_key"])
        #expect(loaded.faults[0].reason == "the key does not exist; did you mean limits.burst?")
    }

    @Test func `every secret is refused in the file, and taken from the environment alone`() {
        let key = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
        let values = [
            "master_key": key, "metrics.token": "a-token-of-sixteen",
            "database.url": "postgresql://bureau:word@host:5432/bureau",
        ]
        let secrets = Configuration.settings.filter(\.isSecret)
        #expect(Set(secrets.map(\.key)) == Set(values.keys), "each secret has its case here")
        for setting in secrets {
            let value = values[setting.key] ?? ""
            let parts = setting.key.split(separator: ".")
            let file =
                parts.count == 1 ? "\(parts[0]): \(value)\n" : "\(parts[0]):\n  \(parts[1]): \(value)\n"
            let fault = load(file: file).faults.first
            #expect(fault?.key == setting.key, "\(setting.key)")
            #expect(
                fault?.reason
                    == "is a secret: give it as \(setting.variable), for files are copied and shared")
            #expect(fault?.source == "c.yaml, line \(parts.count)")
            #expect(load(file: file).sources.isEmpty, "it is not used")
            for given in [
                load(environment: [setting.variable: value]), load(dotEnv: "\(setting.variable)=\(value)"),
            ] {
                #expect(given.faults.isEmpty && setting.text(given.configuration) == value)
            }
        }
        for address in ["postgresql://bureau@host/bureau", "postgresql://host:5432/bureau?sslmode=require"] {
            let loaded = load(file: "database:\n  url: \(address)\n")
            #expect(loaded.faults.isEmpty && loaded.configuration.databaseURL == address)
        }
        #expect(!load(file: "database:\n  url: postgresql://host/b?user=a&password=word\n").faults.isEmpty)
    }

    @Test func `lists come from commas and from sequences`() {
        let fromVariable = load(environment: ["BUREAU_HTTP_TRUSTED_PROXIES": "10.0.0.0/8, 127.0.0.1"])
        let fromFile = load(file: "http:\n  trusted_proxies:\n    - 10.0.0.0/8\n    - 127.0.0.1\n")
        #expect(fromVariable.configuration.trustedProxies.count == 2)
        #expect(fromVariable.configuration.trustedProxies == fromFile.configuration.trustedProxies)
    }

    @Test func `a file that is missing or broken is a fault`() {
        let missing = ConfigurationReader.load(
            flags: [], file: "absent.yaml",
            ProcessSurroundings(environment: [:], workingFolder: "/w") { _ throws(FileError) in nil })
        let remedy = "bureau config example > absent.yaml writes one"
        #expect(
            missing.faults.map(\.description) == ["config: the file absent.yaml does not exist: \(remedy)"])
        let broken = load(file: "limits: [1\n")
        #expect(broken.faults.map(\.key) == ["config"])
        #expect(
            load(file: "limits:\n  burst: 1\n  burst: 2\n").faults.first?.reason
                == "c.yaml, line 3: burst is given twice")
        #expect(
            load(file: "limits:\n  burst: [1]\n").faults.first?.description
                == "limits.burst: must be a whole number (c.yaml, line 2)")
    }

    @Test func `nothing in the file is no value`() {
        let loaded = load(file: "limits:\nlisten: ~\nbackup:\n  folder: \"\"\n")
        #expect(loaded.faults.isEmpty && loaded.warnings.isEmpty)
        #expect(loaded.sources.keys.sorted() == ["backup.folder"])
    }

    @Test func `keys are unique, and each has a description`() {
        #expect(Set(Configuration.settings.map(\.key)).count == Configuration.settings.count)
        for setting in Configuration.settings {
            #expect(setting.about.hasSuffix("."), "\(setting.key)")
            var configuration = Configuration()
            let lists = [
                "http.trusted_proxies", "outbound.connect_to", "tracking.gateways", "social.networks",
            ]
            guard !lists.contains(setting.key) else { continue }
            // A default is a value that the key itself accepts.
            #expect(setting.apply(.text(setting.defaultText), to: &configuration) == nil, "\(setting.key)")
        }
    }

    @Test func `rules of networks are those that there are, and only what they can be`() {
        let good = load(file: "social:\n  networks: [x.text_max=400, linkedin.api_version=202701]\n")
        #expect(good.faults.isEmpty)
        #expect(
            good.configuration.networkChanges.map(\.description)
                == ["x.text_max=400", "linkedin.api_version=202701"])
        for bad in [
            "y.text_max=400", "x.text=400", "x.text_max=0", "tiktok.api_version=3", "x.price", "x=1=2",
        ] {
            let faults = load(file: "social:\n  networks: [\(bad)]\n").faults
            #expect(faults.count == 1 && faults[0].description.contains("unlike \(bad)"), "\(bad)")
        }
    }

    @Test func `Config/bureau.yaml has every key, commented, at its default`() throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let text = try #require(try readText("/\(root)/Config/bureau.yaml"))
        #expect(text == Configuration.example, "write it anew: bureau config example > Config/bureau.yaml")
        let nothing = load(file: text)
        #expect(nothing.faults.isEmpty && nothing.warnings.isEmpty && nothing.sources.isEmpty)
        // With the marks of the values taken away it says the same as no file.
        let names = Set(
            Configuration.settings.map { $0.key.split(separator: ".").last.map(String.init) ?? "" })
        let uncommented = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            line -> String in
            let margin = line.prefix { $0 == " " }
            let rest = line.dropFirst(margin.count)
            guard rest.hasPrefix("# "), let colon = rest.firstIndex(of: ":"),
                names.contains(String(rest[..<colon].dropFirst(2)))
            else { return String(line) }
            return String(margin) + rest.dropFirst(2)
        }.joined(separator: "\n")
        let all = load(file: uncommented)
        #expect(all.faults.isEmpty, "\(all.faults)")
        #expect(all.warnings.isEmpty, "\(all.warnings)")
        #expect(Set(all.sources.keys) == Set(Configuration.settings.map(\.key)))
        for setting in Configuration.settings {
            #expect(setting.text(all.configuration) == setting.defaultText)
        }
    }
}

@Suite struct DotEnvTests {
    @Test func `names and values as people write them`() {
        let (values, faults) = DotEnv.parse(
            """
            # a comment
            OPENAI_API_KEY=sk-123
            export MAILEROO_API_KEY="with spaces # and a mark"
            SINGLE='it is'
            EMPTY=
            COMMENTED=value # why
            not a line
            2BAD=x

            """)
        #expect(values.map(\.name) == ["OPENAI_API_KEY", "MAILEROO_API_KEY", "SINGLE", "EMPTY", "COMMENTED"])
        #expect(values.map(\.value) == ["sk-123", "with spaces # and a mark", "it is", "", "value"])
        #expect(faults == [7, 8])
    }

    @Test func `its values reach the environment, without taking anyone's place`() {
        let loaded = load(
            environment: ["OPENAI_API_KEY": "real"], dotEnv: "OPENAI_API_KEY=file\nOPENAI_API_BASE=http://x\n"
        )
        #expect(loaded.environment["OPENAI_API_KEY"] == "real")
        #expect(loaded.environment["OPENAI_API_BASE"] == "http://x")
    }
}

@Suite struct AddressAndTimeTests {
    @Test(arguments: [
        ("127.0.0.1:8080", "127.0.0.1:8080"), ("8080", "127.0.0.1:8080"), (":80", "127.0.0.1:80"),
        ("[::1]:443", "[::1]:443"),
        ("localhost:0", "localhost:0"),
    ]) func `addresses to listen on`(text: String, shown: String) {
        #expect(ListenAddress(text)?.description == shown)
    }

    @Test(arguments: [
        "", "host", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "1.2.3:1", "127.0.0.1:-1", "example.com:80",
    ])
    func `addresses that are none`(text: String) { #expect(ListenAddress(text) == nil) }

    @Test func `times of the day`() {
        #expect(TimeOfDay("3:05")?.description == "03:05")
        for text in ["24:00", "03:60", "3", "a:b", "-1:00", "003:00"] { #expect(TimeOfDay(text) == nil) }
    }
}
