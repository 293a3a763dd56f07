internal import Agents
internal import JSON
internal import Records
internal import Social
internal import Telemetry

extension StrategyPlan {
    var inputs: JSON {
        [
            "first": .string(first.iso), "days": JSON(days), "per_week": JSON(perWeek),
            "moments": .array(moments.map(\.json)),
            "themes": .array(
                themes.map {
                    [
                        "day": .string($0.day.iso), "type": .string($0.type.rawValue),
                        "theme": .string($0.theme), "rule": .string($0.rule),
                        "weekly": .bool($0.isWeekly),
                    ]
                }),
            "performance": .array(
                performance.map {
                    [
                        "type": .string($0.type.rawValue), "sent": JSON($0.sent),
                        "answered": JSON($0.answered),
                    ]
                }),
            "posted": .array(
                posted.map {
                    [
                        "type": .string($0.type.rawValue), "posts": JSON($0.posts),
                        "deviation": .number($0.deviation),
                    ]
                }),
            "grounds": .array(
                grounds.map {
                    ["type": .string($0.type), "id": .string($0.id), "title": .string($0.title)]
                }),
            "taken": JSON(taken.sorted().map(\.iso)),
        ]
    }

    init?(inputs: JSON) {
        guard let first = inputs["first"]?.text.flatMap({ CivilDate(iso: $0) }),
            let days = inputs["days"]?.int, let perWeek = inputs["per_week"]?.int
        else { return nil }
        func list<T>(_ name: String, _ read: (JSON) -> T?) -> [T] {
            (inputs[name]?.array ?? []).compactMap(read)
        }
        self.init(
            from: first, days: Int(days), perWeek: Int(perWeek),
            moments: list("moments", StrategyMoment.init(json:)),
            themes: list("themes") { json -> Theme? in
                guard let day = json["day"]?.text.flatMap({ CivilDate(iso: $0) }),
                    let type = json["type"]?.text.flatMap(ContentItem.Kind.init(rawValue:))
                else { return nil }
                // All themes of older decisions were worth the same.
                return Theme(
                    day: day, type: type, theme: json["theme"]?.text ?? "", rule: json["rule"]?.text ?? "",
                    isWeekly: json["weekly"] != false)
            },
            performance: list("performance") { json in
                json["type"]?.text.flatMap(ContentItem.Kind.init(rawValue:)).map {
                    Performance(
                        type: $0, sent: Int(json["sent"]?.int ?? 0), answered: Int(json["answered"]?.int ?? 0)
                    )
                }
            },
            posted: list("posted") { json in
                json["type"]?.text.flatMap(ContentItem.Kind.init(rawValue:)).map {
                    Posted(
                        type: $0, posts: Int(json["posts"]?.int ?? 0),
                        deviation: json["deviation"]?.double ?? 0)
                }
            },
            grounds: list("grounds") { json in
                guard let type = json["type"]?.text, let id = json["id"]?.text else { return nil }
                return Ground(type: type, id: id, title: json["title"]?.text ?? "")
            },
            taken: Set(list("taken") { $0.text.flatMap { CivilDate(iso: $0) } }))
    }

    var outcome: JSON {
        [
            "ideas": .array(
                ideas.map { idea in
                    [
                        "planned_at": .string(idea.moment.at.description), "title": .string(idea.title),
                        "type": JSON(idea.type?.rawValue), "network": JSON(idea.moment.network?.rawValue),
                        "score": .number((idea.score * 1e6).rounded() / 1e6),
                    ]
                })
        ]
    }

    /// The conclusion to plan so: its factors are what each idea's day, hour and subject come from.
    func conclusion(writer: JSON?) -> Conclusion {
        var model: JSONObject = ["name": "calendar_history", "version": .string(Self.version)]
        if let writer { model["writer"] = writer }
        let rules = Set(ideas.compactMap { idea in themes.first { $0.theme == idea.theme }?.rule }).sorted()
        let grounded = ideas.compactMap(\.ground)
        var factors: [JSON] = [
            factor(
                "calendar", Double(ideas.count { $0.theme != nil }),
                rules.map { ("content_calendar_rule", $0) }),
            factor("best_times", mean(ideas.map(\.moment.score)), []),
            factor(
                "material", Double(grounded.count),
                Set(grounded).sorted { $0.id < $1.id }.map { ($0.type, $0.id) }),
        ]
        for figures in performance where figures.sent > 0 {
            let rate = Double(figures.answered) / Double(figures.sent)
            factors.append(factor("performance.\(figures.type.rawValue)", rate, []))
        }
        for figures in posted where figures.posts > 0 {
            let mean = figures.deviation / Double(figures.posts)
            factors.append(factor("posted.\(figures.type.rawValue)", mean, []))
        }
        return Conclusion(
            outcome: outcome, confidence: ideas.isEmpty ? 0 : Double(grounded.count) / Double(ideas.count),
            factors: .array(factors), model: .object(model), inputs: inputs)
    }

    private func mean(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : (values.reduce(0, +) / Double(values.count) * 1e6).rounded() / 1e6
    }

    private func factor(_ name: String, _ value: Double, _ evidence: [(type: String, id: String)]) -> JSON {
        [
            "name": .string(name), "value": .number(value), "weight": 1, "contribution": .number(value),
            "evidence": .array(evidence.map { ["type": .string($0.type), "id": .string($0.id)] }),
        ]
    }
}
