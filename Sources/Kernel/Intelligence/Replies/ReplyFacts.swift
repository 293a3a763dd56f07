internal import Lexicons
package import Telemetry

/// The person whom a reply names instead of its sender.
package struct ReferralContact: Hashable, Sendable {
    package var name: String?
    package var address: String?
}

/// A time at which somebody would talk.
package struct MeetingTime: Hashable, Sendable {
    package var date: CivilDate?
    /// Minutes after midnight where the sender is.
    package var minuteOfDay: Int?
    /// The time as it was written.
    package var quote: String
}

/// The facts in a reply beside its meaning, each as far as the reply says so.
package struct ReplyFacts: Sendable {
    /// The day that an absence is said to end: the one after `until`, `back on`, or the last of a span.
    package var returnDate: CivilDate?
    package var referralContact: ReferralContact?
    /// The day from which somebody may be asked again; of a period its first.
    package var postponedUntil: CivilDate?
    package var wantsMeeting = false
    package var meetingTimes: [MeetingTime] = []
    package var objection: ObjectionKind?
}

struct FactReader {
    let text: ReadText
    let rules: [ReplyRule: [Range<Int>]]
    let today: CivilDate

    func facts(for meaning: ReplyClass) -> ReplyFacts {
        var facts = ReplyFacts()
        let dates = text.dates(on: today)
        if meaning == .outOfOffice || rules[.away] != nil && meaning != .unsubscribe {
            facts.returnDate = returnDate(dates)
        }
        if [.referral, .outOfOffice, .notInterested, .question].contains(meaning) || rules[.referral] != nil {
            facts.referralContact = contact()
        }
        if meaning == .notNow
            || rules[.later] != nil && ![.outOfOffice, .interested, .unsubscribe].contains(meaning)
        {
            facts.postponedUntil = postponement(dates)
        }
        if [.interested, .question, .other, .referral].contains(meaning),
            rules[.later] == nil || meaning == .interested
        {
            facts.wantsMeeting =
                rules[.meeting] != nil && ![.question, .other].contains(meaning)
                || meaning == .interested && !dates.isEmpty
            if rules[.meeting] != nil || meaning == .interested { facts.meetingTimes = meetingTimes(dates) }
        }
        facts.objection = objection(meaning)
        return facts
    }

    // MARK: Absence

    private static let lexicon = Lexicon("replies"), names = Lexicon("names")
    private static let back = lexicon.words("back")
    private static let until = lexicon.words("until")

    private func returnDate(_ dates: [StatedDate]) -> CivilDate? {
        func marked(_ marks: Set<String>, near reach: Int) -> [StatedDate] {
            dates.filter { date in
                let sentence = text.sentence(around: date.words.lowerBound)
                let low = max(sentence.lowerBound, date.words.lowerBound - reach)
                return text.words[low..<date.words.lowerBound].contains { marks.contains($0.folded) }
            }
        }
        let backDates = marked(Self.back, near: 5)
        let chosen = backDates.isEmpty ? marked(Self.until, near: 3) : backDates
        if let date = chosen.max(by: { $0.last < $1.last }) {
            return date.first == date.last ? date.first : (backDates.isEmpty ? date.last : date.first)
        }
        // In January the first day of `24 December - 6 January` would lie a year ahead: it is no end.
        let ends = dates.filter { date in
            !dates.contains {
                $0.words.lowerBound == date.words.upperBound
                    && text.sentence(around: date.words.lowerBound).contains($0.words.lowerBound)
            }
        }
        // `am 3. Mai bin ich zurück`: the word may follow.
        let named = ends.filter { date in
            text.sentence(around: date.words.lowerBound).contains {
                Self.back.contains(text.words[$0].folded)
            }
        }
        return (named.isEmpty ? ends.filter { $0.first != $0.last || !$0.isWeekday } : named).map(\.last)
            .max()
    }

    // MARK: Later

    private func postponement(_ dates: [StatedDate]) -> CivilDate? {
        let sentences = Set((rules[.later] ?? []).map { text.words[$0.lowerBound].sentence })
        let near = dates.filter { sentences.contains(text.words[$0.words.lowerBound].sentence) }
        let ahead = (near.isEmpty ? dates : near).filter { $0.last > today }
        // Of several days the last named is the one that is asked for: `after the fair in May, so write in
        // June`.
        guard let date = ahead.last else { return nil }
        return max(date.first, CivilDate(daysSinceEpoch: today.daysSinceEpoch + 1))
    }

    // MARK: Meetings

    private func meetingTimes(_ dates: [StatedDate]) -> [MeetingTime] {
        var times: [MeetingTime] = []
        var used: Set<Int> = []
        for date in dates where date.last.daysSinceEpoch - date.first.daysSinceEpoch < 7 {
            let sentence = text.sentence(around: date.words.lowerBound)
            let high = min(sentence.upperBound, date.words.upperBound + 5)
            let clock = (date.words.upperBound..<high).lazy.compactMap { index in
                clockTime(index).map { (index, $0) }
            }.first
            if let (index, time) = clock {
                used.formUnion(index..<time.end)
                times.append(
                    MeetingTime(
                        date: date.first, minuteOfDay: time.minute,
                        quote: text.quote(date.words.lowerBound..<time.end)))
            } else {
                times.append(MeetingTime(date: date.first, minuteOfDay: nil, quote: date.quote))
            }
        }
        for index in text.words.indices
        where !used.contains(index) && !dates.contains(where: { $0.words.contains(index) }) {
            guard let time = clockTime(index) else { continue }
            times.append(
                MeetingTime(date: nil, minuteOfDay: time.minute, quote: text.quote(index..<time.end)))
        }
        return Array(times.prefix(6))
    }

    /// `10:30`, `3pm`, `3 pm`, `14 Uhr`, `15h`, `15h30`, `at 10`
    private func clockTime(_ index: Int) -> (minute: Int, end: Int)? {
        let word = text.words[index]
        guard word.kind == .number else { return nil }
        let digits = word.folded.split { !$0.isNumber }
        guard let hour = digits.first.flatMap({ Int($0) }), hour < 25, digits.count <= 2 else { return nil }
        let minutes = digits.count == 2 ? Int(digits[1]) ?? 99 : 0
        guard minutes < 60 else { return nil }
        let letters = word.folded.filter(\.isLetter)
        let next = index + 1 < text.words.count ? text.words[index + 1].folded : ""
        let previous = index > 0 ? text.words[index - 1].folded : ""
        let suffix = letters.isEmpty ? next : letters
        let isMorning = CalendarWords.morning.contains(suffix)
        let isAfternoon = CalendarWords.afternoon.contains(suffix)
        let isTime = isMorning || isAfternoon || CalendarWords.clock.contains(suffix)
        let end = letters.isEmpty && isTime ? index + 2 : index + 1
        if isMorning || isAfternoon { return (hour % 12 * 60 + (isMorning ? 0 : 720) + minutes, end) }
        if isTime { return (hour * 60 + minutes, end) }
        guard letters.isEmpty else { return nil }
        if word.folded.contains(":"), digits.count == 2, digits[1].utf8.count == 2 {
            return (hour * 60 + minutes, end)
        }
        return CalendarWords.beforeClock.contains(previous) && hour > 0 ? (hour * 60 + minutes, end) : nil
    }

    // MARK: People

    /// The first address that is named, with the name beside it; without one, a name that a referral's words
    /// lead to.
    private func contact() -> ReferralContact? {
        if let index = text.words.firstIndex(where: { $0.kind == .address }) {
            return ReferralContact(name: name(near: index), address: text.words[index].folded)
        }
        for range in rules[.referral] ?? [] {
            let sentence = text.sentence(around: range.lowerBound)
            if let name = name(in: range.lowerBound..<sentence.upperBound, last: false) {
                return ReferralContact(name: name, address: nil)
            }
        }
        return nil
    }

    private func name(near index: Int) -> String? {
        let low = max(0, index - 14)
        if let name = name(in: low..<index, last: true) { return name }
        return nil
    }

    /// A run of capitalised words that open no sentence and are no ordinary words.
    private func name(in range: Range<Int>, last: Bool) -> String? {
        var runs: [Range<Int>] = []
        var start: Int?
        for index in range {
            if isNamePart(index) {
                if let begun = start, text.words[index].sentence != text.words[begun].sentence {
                    runs.append(begun..<index); start = index
                }
                start = start ?? index
            } else if let begun = start {
                runs.append(begun..<index)
                start = nil
            }
        }
        if let begun = start { runs.append(begun..<range.upperBound) }
        guard let run = last ? runs.last : runs.first else { return nil }
        let titles = run.drop { Self.titles.contains(text.words[$0].folded) }
        let kept = titles.prefix(3)
        guard let low = kept.first, let high = kept.last else { return nil }
        return text.quote(low..<high + 1)
    }

    private func isNamePart(_ index: Int) -> Bool {
        let word = text.words[index]
        guard word.kind == .word, let first = text.quote(index..<index + 1).first, first.isUppercase else {
            return false
        }
        if Self.titles.contains(word.folded) { return true }
        let opens = index == 0 || text.words[index - 1].sentence != word.sentence
        return !opens && !Self.ordinary.contains(word.folded) && word.folded.utf8.count > 1
    }

    private static let titles = names.words("title")

    /// Capitalised without being a name.
    private static let ordinary = names.words("ordinary")

    // MARK: Objections

    private func objection(_ meaning: ReplyClass) -> ObjectionKind? {
        guard [.objection, .notInterested, .notNow, .referral].contains(meaning) else { return nil }
        let counted = ObjectionKind.allCases.map { kind in
            (kind, rules[ReplyRule(rawValue: kind.rawValue)!]?.count ?? 0)
        }
        guard let best = counted.max(by: { $0.1 < $1.1 }), best.1 > 0 else {
            return meaning == .notNow ? .timing : nil
        }
        // The first to be named wins a draw.
        let tied = counted.filter { $0.1 == best.1 }.map(\.0)
        return tied.min { first($0) < first($1) }
    }

    private func first(_ kind: ObjectionKind) -> Int {
        rules[ReplyRule(rawValue: kind.rawValue)!]?.first?.lowerBound ?? .max
    }
}
