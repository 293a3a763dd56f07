internal import Agents
internal import Database
internal import Intelligence
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Tenancy
internal import Wording

/// Drafts a message of a type of content that a distribution can send, for a brief or for the next slot of the calendar
/// that nothing fills: once in each language in which the agency has published something about it. Where it has not,
/// nothing is written, and the run says so.
struct MessageWriting: Sendable {
    let order: WritingOrder
    let dependencies: WritingDependencies
    let content: ContentDependencies

    /// The number of days ahead in which slots are looked for.
    private static let daysAhead = 28
    /// The certainty of a message that is made from what is newest, since nothing is about the slot's theme.
    private static let newestScore = 0.2

    /// The message that is wanted.
    private struct Wish: Sendable {
        let type: ContentItem.Kind
        let brief: String
        let slot: CalendarSlot?
    }

    private struct Draft: Sendable {
        let language: String
        let plan: WritingPlan
    }

    func write(_ run: AgentRun) async throws -> JSON {
        let agency = try run.read { try $0.agency.tenant() }
        guard let wish = try run.read({ try next(in: $0) }) else {
            return try await run.finish { _ in ["processed": 0, "items": [], "reason": "no_slot"] }
        }
        let drafts = try run.read { try plans(for: wish, agency.locale, in: $0) }
        var words: [String: ModelDrafts] = [:]
        for draft in drafts {
            words[draft.language] = try await ModelDrafts.ask(
                for: draft.plan, agency: agency.name, locale: draft.language, client: nil,
                effect: "drafts/\(draft.language)", run)
        }
        let known = words
        return try await run.finish { tx in
            var items: [JSON] = [], decisions: [JSON] = []
            for draft in drafts {
                let model = known[draft.language]
                var item = try best(of: draft, wish, model, in: tx)
                item.isMadeWithAI = try item.isMadeWithAI || tx.contentMaterials.saysWhatModelsSaid(item)
                let decision = try run.decide(
                    in: tx, Subject(item.id), draft.plan.conclusion(writer: model?.source))
                decisions.append(JSON(decision.id))
                guard try run.may("create_record", about: Subject(item.id), decision: decision.id, in: tx)
                else { continue }
                try tx.create(&item, by: run.actor)
                items.append(JSON(item.id))
            }
            run.processed(items.count)
            return outcome(wish, drafts, agency.locale, items, decisions)
        }
    }

    private func outcome(
        _ wish: Wish, _ drafts: [Draft], _ locale: String, _ items: [JSON], _ decisions: [JSON]
    ) -> JSON {
        let missing = languages(locale).filter { language in !drafts.contains { $0.language == language } }
        let slot = wish.slot.map { slot -> JSON in
            ["date": .string(slot.date.iso), "theme": .string(slot.theme)]
        }
        return [
            "type": .string(wish.type.rawValue), "brief": .string(wish.brief), "items": .array(items),
            "slot": slot ?? .null,
            "decision_ids": .array(decisions), "missing": JSON(missing),
            "reason": drafts.isEmpty ? "nothing_to_say" : .null,
        ]
    }

    private func languages(_ locale: String) -> [String] {
        var seen: Set<String> = []
        let asked = order.languages.isEmpty ? [LocaleTag(locale)?.language ?? locale] : order.languages
        return asked.filter { seen.insert($0).inserted }
    }

    /// The order's own, or that of the first slot that neither an item nor a draft fills.
    private func next(in reader: Reader) throws -> Wish? {
        guard order.isForSlot else {
            return order.type.map { Wish(type: $0, brief: order.brief, slot: nil) }
        }
        let calendar = reader.contentCalendar, today = try calendar.today()
        var drafted = try reader.contentMaterials.draftedMessages()
        let entries = try calendar.entries(
            from: today.adding(days: 1), through: today.adding(days: Self.daysAhead), content)
        for entry in entries where entry.status == .empty {
            let slot = entry.slot
            guard order.type == nil || order.type == slot.type else { continue }
            if let waiting = drafted[slot.type], waiting > 0 {
                drafted[slot.type] = waiting - 1
                continue
            }
            return Wish(type: slot.type, brief: order.brief.isEmpty ? slot.theme : order.brief, slot: slot)
        }
        return nil
    }

    private func plans(for wish: Wish, _ locale: String, in reader: Reader) throws -> [Draft] {
        let own = LocaleTag(locale)?.language ?? locale, told = try reader.contentMaterials.toldInMessages()
        let materials = try materials(for: wish, in: reader).filter { material in
            !material.title.contains("{{") && !material.title.contains("{%")
                && !told.contains("\(material.type)/\(material.id)")
        }
        return languages(locale).compactMap { language -> Draft? in
            let spoken = materials.filter {
                ($0.locale.map { LocaleTag($0)?.language ?? $0 } ?? own) == language
            }
            let plan = self.plan(for: wish, among: spoken)
            return plan.passages.isEmpty ? nil : Draft(language: language, plan: plan)
        }
    }

    /// Returns what the agency has published that a message of the type may be made from.
    private func materials(for wish: Wish, in reader: Reader) throws -> [Material] {
        wish.type == .caseStudy
            ? try dependencies.stories(reader)
            : try dependencies.articles(reader, wish.brief) + reader.contentMaterials.materials(of: nil)
    }

    private func plan(for wish: Wish, among materials: [Material]) -> WritingPlan {
        let plan = WritingPlan(wish.brief, [.message], among: materials)
        guard plan.passages.isEmpty, wish.slot != nil else { return plan }
        // A slot's theme says what kind of thing is told, such as tips: the newest of that kind is.
        let newest = materials.first { $0.fits(wish.type) }.flatMap {
            Passage($0, about: plan.subject, score: Self.newestScore)
        }
        return WritingPlan(wish.brief, [.message], [], [newest].compactMap(\.self))
    }

    /// The item with the model's words, where they stand the check; else with the sources' own.
    private func best(
        of draft: Draft, _ wish: Wish, _ model: ModelDrafts?, in tx: Transaction
    ) throws -> ContentItem {
        let words = Wording(draft.language)
        let plain = PieceWriter(plan: draft.plan, words: words, figures: []).pieces[0]
        if let written = model?.written(plain, by: draft.plan) {
            let item = self.item(written, of: draft, wish, words, in: tx)
            if try tx.contentQuality.hasNoErrors(item) { return item }
        }
        return item(plain, of: draft, wish, words, in: tx)
    }

    private func item(
        _ piece: WrittenPiece, of draft: Draft, _ wish: Wish, _ words: Wording, in tx: Transaction
    ) -> ContentItem {
        var item = ContentItem(piece, of: draft.plan, for: nil, locale: draft.language, resultIDs: [])
        (item.type, item.subject) = (wish.type, item.title)
        item.body = [
            words.template("template.content.greeting"), piece.body,
            words.template("template.content.closing"),
        ].joined(separator: "\n\n")
        item.beginLife(id: tx.nextID(), now: tx.now)
        return item
    }
}

extension WritingPlan {
    /// Plans what is written for a brief, out of what the agency has.
    fileprivate init(_ brief: String, _ formats: [WritingOrder.Format], among materials: [Material]) {
        let empty = WritingPlan(brief, formats, [], [])
        self.init(
            brief, formats, [], Passage.about(empty.subject, among: materials, client: nil))
    }
}

extension Material {
    /// Returns whether a message of a type may be made from it whatever it is about.
    fileprivate func fits(_ type: ContentItem.Kind) -> Bool {
        switch type {
        case .caseStudy: true
        case .educational: kind == .educational || self.type == "article"
        case .productLaunch, .companyNews, .industryInsights: kind == type
        }
    }
}
