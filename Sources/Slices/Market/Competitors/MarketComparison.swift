internal import JSON
internal import Nouns
internal import Records
internal import Telemetry

/// A competitor's prices and positions as its pages tell them, beside what the agency offers.
struct MarketComparison {
    private static let wordMin = 4, monthsOfYear: Int64 = 12

    let competitor: Competitor
    /// The statements that its pages make now, the newest first.
    let statements: [CompetitorStatement]
    /// The agency's packages; none where it is a client's competitor, or the reader may not see them.
    let packages: [MarketService]

    var json: JSON {
        let prices = once(statements.filter { $0.kind == .price })
        return [
            "competitor_id": JSON(competitor.id), "prices": .array(prices.map(json)),
            "monthly": .array(monthly(prices)),
            "positions": .array(once(statements.filter { $0.kind != .price }).map(position)),
        ]
    }

    /// Returns what several pages say once: as the page says it that has said so last.
    private func once(_ statements: [CompetitorStatement]) -> [CompetitorStatement] {
        var seen: Set<String> = []
        return statements.filter { seen.insert($0.identity).inserted }
    }

    // MARK: Prices

    private func json(_ statement: CompetitorStatement) -> JSON {
        let monthly = Self.monthly(statement)
        let nearest = monthly.flatMap { package(for: statement.text, $0) }
        return [
            "name": .string(statement.text), "price": statement.price?.json ?? .null,
            "period": JSON(statement.period?.rawValue), "is_from": .bool(statement.isFrom),
            "quote": .string(statement.quote), "url": .string(statement.url),
            "found_at": .string(statement.foundAt.description), "monthly": monthly?.json ?? .null,
            "package_id": nearest.map { JSON($0.id) } ?? .null, "package": JSON(nearest?.name),
            "package_price": nearest?.price.json ?? .null,
            "difference": nearest.flatMap { Self.difference(monthly, $0.price) } ?? .null,
        ]
    }

    /// The price of a month; `nil` where it is for something else.
    private static func monthly(_ statement: CompetitorStatement) -> Money? {
        guard let price = statement.price else { return nil }
        switch statement.period {
        case .month: return price
        case .year:
            let amount = (price.amount + monthsOfYear / 2) / monthsOfYear
            return Money(amount: amount, currency: price.currency)
        case .week, .day, .hour, .once, nil: return nil
        }
    }

    /// The package of the same name, or else the one whose price is nearest; of one currency in any case. A name may
    /// have words beside those of the other, as "Starter plan" has; two plans that share no more than that word differ.
    private func package(for name: String, _ price: Money) -> MarketService? {
        let comparable = packages.filter { $0.price.currency == price.currency && $0.price.amount > 0 }
        let words = Self.words(name, from: 1)
        let named = comparable.compactMap { package -> (package: MarketService, further: Int)? in
            let own = Self.words(package.name, from: 1)
            guard !own.isEmpty, !words.isEmpty, own.isSubset(of: words) || words.isSubset(of: own) else {
                return nil
            }
            return (package, own.symmetricDifference(words).count)
        }
        if let closest = named.min(by: { $0.further < $1.further }) { return closest.package }
        return comparable.min { abs($0.price.amount - price.amount) < abs($1.price.amount - price.amount) }
    }

    /// By how many percent the competitor's price is above ours, or below it.
    private static func difference(_ theirs: Money?, _ ours: Money) -> JSON? {
        guard let theirs, ours.amount > 0 else { return nil }
        let ratio: Double = Double(theirs.amount) / Double(ours.amount)
        return .number(((ratio - 1) * 1000).rounded() / 10)
    }

    /// The lowest, the middle and the highest monthly price of both, by currency.
    private func monthly(_ prices: [CompetitorStatement]) -> [JSON] {
        let theirs = Dictionary(grouping: prices.compactMap(Self.monthly), by: \.currency)
        let ours = Dictionary(grouping: packages.map(\.price).filter { $0.amount > 0 }, by: \.currency)
        let currencies = Set(theirs.keys).union(ours.keys).sorted()
        return currencies.map { currency -> JSON in
            let (their, our) = (Self.spread(theirs[currency]), Self.spread(ours[currency]))
            return ["currency": .string(currency), "theirs": their, "ours": our]
        }
    }

    private static func spread(_ prices: [Money]?) -> JSON {
        let amounts = (prices ?? []).map(\.amount).sorted()
        guard let low = amounts.first, let high = amounts.last else { return .null }
        let left = amounts[(amounts.count - 1) / 2], right = amounts[amounts.count / 2]
        var spread: JSONObject = ["count": JSON(amounts.count)]
        spread["low"] = .integer(low)
        spread["median"] = .integer(left + (right - left) / 2)
        spread["high"] = .integer(high)
        return .object(spread)
    }

    // MARK: Positions

    private func position(_ statement: CompetitorStatement) -> JSON {
        let words = Self.words(statement.text)
        let own = packages.map { ($0, Self.words($0.name + " " + $0.text).intersection(words).sorted()) }
            .filter { !$0.1.isEmpty }
        return [
            "kind": .string(statement.kind.rawValue), "text": .string(statement.text),
            "url": .string(statement.url), "found_at": .string(statement.foundAt.description),
            "packages": .array(
                own.map { package, words in
                    ["id": JSON(package.id), "name": .string(package.name), "words": JSON(words)]
                }),
        ]
    }

    /// The words of a text that say something, as far as their length tells.
    private static func words(_ text: String, from least: Int = Self.wordMin) -> Set<String> {
        Set(
            TextFolding.fold(text).split { !$0.isLetter && !$0.isNumber }.filter { $0.count >= least }
                .map(String.init))
    }
}

extension MarketComparison {
    static let schema: JSON = {
        func text(_ about: String) -> JSON { ["type": "string", "description": .string(about)] }
        func perhaps(_ type: String, _ about: String) -> JSON {
            ["type": [.string(type), "null"], "description": .string(about)]
        }
        func list(_ item: JSON, _ about: String) -> JSON {
            ["type": "array", "description": .string(about), "items": item]
        }
        func money(_ about: String) -> JSON {
            FieldKind.money.jsonSchema(isNullable: true).merging(["description": .string(about)])
        }
        let price: JSON = .record([
            "name": text("The product with the price, as the page calls it."), "price": money("The price."),
            "period": [
                "type": ["string", "null"],
                "enum": .array(CompetitorStatement.Period.choices.map { .string($0) } + [.null]),
                "description": "The time that the price is for; null: the page does not say.",
            ],
            "is_from": ["type": "boolean", "description": "Whether the price is the lowest of several."],
            "quote": text("The words of the page."), "url": text("The page."),
            "found_at": text("When it was first read there."),
            "monthly": money("The price of a month; null: it is for something else."),
            "package_id": perhaps("string", "The package of the same name, or the nearest price."),
            "package": perhaps("string", "The name of that package."),
            "package_price": money("The monthly price of that package."),
            "difference": perhaps("number", "By how many percent the competitor asks for more, or less."),
        ])
        func spread(_ about: String) -> JSON {
            func integer(_ about: String) -> JSON { ["type": "integer", "description": .string(about)] }
            let record = JSON.record([
                "count": integer("How many prices there are."),
                "low": integer("The lowest, in the currency's smallest unit."),
                "median": integer("The one in the middle, likewise."),
                "high": integer("The highest, likewise."),
            ])
            return record.merging(["type": ["object", "null"], "description": .string(about)])
        }
        let monthly: JSON = .record([
            "currency": text("The currency."), "theirs": spread("The competitor's monthly prices."),
            "ours": spread("The monthly prices of the agency's packages."),
        ])
        let package: JSON = .record([
            "id": text("The package."), "name": text("Its name."),
            "words": list(["type": "string"], "The words that both have."),
        ])
        let position: JSON = .record([
            "kind": [
                "type": "string", "enum": ["tagline", "claim", "segment"],
                "description": "The kind of finding.",
            ],
            "text": text("The words of the page."), "url": text("The page."),
            "found_at": text("When it was first read there."),
            "packages": list(package, "The agency's packages that speak of the same."),
        ])
        return .record([
            "competitor_id": text("The competitor."),
            "prices": list(price, "Its prices beside the packages."),
            "monthly": list(monthly, "The lowest, middle and highest price of both, by currency."),
            "positions": list(position, "By which words it sets itself apart."),
        ])
    }()
}
