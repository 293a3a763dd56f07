/// The exponential function from additions and multiplications alone, which every machine does alike to the
/// last bit; a library's may differ by one between processors. Correct to about fifteen digits.
func exactExp(_ x: Double) -> Double {
    let x = max(-700, min(700, x))
    let halvings = (x * 1.442695040888963407).rounded()
    let rest = (x - halvings * 0.693147180369123816490) - halvings * 1.90821492927058770002e-10
    var sum = 1.0
    for reciprocal in reciprocals { sum = 1 + sum * rest * reciprocal }
    return Double(sign: .plus, exponent: Int(halvings), significand: sum)
}

private let reciprocals = (1...14).reversed().map { 1 / Double($0) }

/// Probabilities from log-odds, each as sharp as `sharpness` says.
func softmax(_ logits: [Double], sharpness: Double = 1) -> [Double] {
    let highest = logits.max() ?? 0
    let parts = logits.map { exactExp(($0 - highest) * sharpness) }
    let sum = parts.reduce(0, +)
    return parts.map { $0 / sum }
}

/// The natural logarithm of a positive number, likewise.
func exactLog(_ x: Double) -> Double {
    // x = s · 2^e with s within a factor of √2 of 1; ln s = 2 artanh((s − 1) / (s + 1)).
    var significand = x.significand, exponent = Double(x.exponent)
    if significand > 1.414213562373095 { (significand, exponent) = (significand / 2, exponent + 1) }
    let ratio = (significand - 1) / (significand + 1), square = ratio * ratio
    var sum = 0.0
    for odd in oddReciprocals { sum = sum * square + odd }
    return 2 * ratio * sum + exponent * 0.693147180559945309
}

private let oddReciprocals = (0...10).reversed().map { 1 / Double(2 * $0 + 1) }
