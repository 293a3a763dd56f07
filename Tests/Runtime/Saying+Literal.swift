import Templates

/// Tests tell things in words of their own.
extension Saying: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self = .quoted(value) }
}
