package import JSON

/// A kind of failure that callers can rely on: served at `/problems/<code>`.
package struct ProblemType: Sendable, Hashable {
    package let code: String
    package let status: Int
    package let title: String
    /// Advice for the caller: what to do about the problem.
    package let remedy: String
    /// The number that operators' guides call it by, as `ERR_001`.
    package let reference: String?

    package init(_ code: String, _ status: Int, _ title: String, remedy: String, reference: String? = nil) {
        (self.code, self.status, self.title, self.remedy) = (code, status, title, remedy)
        self.reference = reference
    }
}

/// One thing that is wrong with a body: where (a JSON Pointer, RFC 6901), and what.
package struct Fault: Sendable, Hashable {
    package var pointer: String
    package var code: String
    package var detail: String
    package var choices: [String]?
    /// The most that a value may have, in the unit that the detail names.
    package var max: Int?
    /// Tells what it has, in the same unit.
    package var length: Int?
    /// The place in a text, from 1.
    package var line: Int?, column: Int?

    package init(_ pointer: String, _ code: String, _ detail: String, choices: [String]? = nil) {
        (self.pointer, self.code, self.detail, self.choices) = (pointer, code, detail, choices)
    }

    package var json: JSON {
        var object: JSONObject = [
            "pointer": .string(pointer), "code": .string(code), "detail": .string(detail),
        ]
        if let choices { object.append("choices", JSON(choices)) }
        if let max { object.append("max", JSON(max)) }
        if let length { object.append("length", JSON(length)) }
        if let line { object.append("line", JSON(line)) }
        if let column { object.append("column", JSON(column)) }
        return .object(object)
    }
}

/// A failure as callers see it: a problem document (RFC 9457).
package struct Problem: Error, Sendable {
    package let type: ProblemType
    package var code: String
    package var detail: String
    package var faults: [Fault] = []
    /// The references of the refused body; whoever answers the request adds those that are unknown.
    package var references: [Reference] = []
    package var extra: JSONObject = [:]
    package var headers: [(String, String)] = []

    package init(_ type: ProblemType, _ detail: String? = nil, extra: JSONObject = [:]) {
        self.type = type
        self.code = type.code
        self.detail = (detail ?? type.remedy) + Self.instead(extra)
        self.extra = extra
    }

    /// The steps and states that are allowed instead, which a caller reads with what is refused.
    private static func instead(_ extra: JSONObject) -> String {
        let allowed = extra["allowed"]?.array?.compactMap(\.text) ?? []
        return allowed.isEmpty ? "" : " Allowed: \(allowed.joined(separator: ", "))."
    }

    /// 422 for the faults of a body; a single fault gives its own code.
    package init(faults: [Fault]) {
        self.init(.validationFailed)
        self.faults = faults
        if faults.count == 1 {
            code = faults[0].code
            detail = faults[0].detail
        } else {
            detail = "The request has \(faults.count) faults; each is listed in errors."
        }
    }

    package func with(header name: String, _ value: String) -> Problem {
        var copy = self
        copy.headers.append((name, value))
        return copy
    }

    /// Advice for the caller: what to do about the problem; of a single fault, what its code says.
    package var remedy: String {
        code == type.code ? type.remedy : ProblemType.faultRemedies[code] ?? type.remedy
    }

    package func json(requestID: String) -> JSON {
        var object: JSONObject = [
            "type": .string("/problems/\(code)"), "title": .string(type.title),
            "status": .integer(Int64(type.status)), "detail": .string(detail), "code": .string(code),
            "request_id": .string(requestID), "recommended_action": .string(remedy),
        ]
        if let reference = type.reference { object.append("reference", .string(reference)) }
        for (key, value) in extra.members { object.append(key, value) }
        if !faults.isEmpty { object.append("errors", .array(faults.map(\.json))) }
        return .object(object)
    }
}

/// An error that knows how it looks from outside.
package protocol ProblemConvertible: Error {
    var problem: Problem { get }
}

extension Problem: ProblemConvertible {
    package var problem: Problem { self }
}
