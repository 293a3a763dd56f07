/// A linear model whose weights are held small: `y = mean + Σ wᵢ·zᵢ`, where `zᵢ` are the features with mean 0 and
/// deviation 1. How small follows from the data, by the error for each row that is left out.
struct Ridge: Sendable {
    private let means: [Double], deviations: [Double]
    private let weights: [Double], mean: Double
    /// The strength with which the weights are held.
    let strength: Double
    /// Tells of each row how far it lies from what the others foretell.
    let residuals: [Double]

    static let strengths = [0.3, 1, 3, 10, 30, 100, 300, 1000]

    /// Learns from rows of the same length; `strength` is chosen unless said.
    init(_ rows: [[Double]], _ values: [Double], strength given: Double? = nil) {
        let table = Standardized(rows)
        (means, deviations) = (table.means, table.deviations)
        let mean = values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
        self.mean = mean
        let centred = values.map { $0 - mean }
        var best: (strength: Double, weights: [Double], residuals: [Double], error: Double)?
        for strength in given.map({ [$0] }) ?? Self.strengths {
            let fit = table.fit(centred, strength)
            let error = fit.residuals.reduce(0) { $0 + $1 * $1 }
            if best.map({ error < $0.error }) ?? true { best = (strength, fit.weights, fit.residuals, error) }
        }
        strength = best?.strength ?? 1
        weights = best?.weights ?? []
        residuals = best?.residuals ?? []
    }

    func value(of row: [Double]) -> Double { mean + parts(of: row).reduce(0, +) }

    /// Returns what each feature of a row adds to the mean.
    func parts(of row: [Double]) -> [Double] {
        row.indices.map { index in
            deviations[index] > 0 ? weights[index] * (row[index] - means[index]) / deviations[index] : 0
        }
    }
}

/// Rows of features with mean 0 and deviation 1, and the products that each fit needs.
private struct Standardized {
    let means: [Double], deviations: [Double]
    private let width: Int, count: Int
    /// One row behind the other.
    private let cells: [Double]
    private let products: [Double]

    init(_ rows: [[Double]]) {
        let (width, count) = (rows.first?.count ?? 0, rows.count)
        (self.width, self.count) = (width, count)
        var means = [Double](repeating: 0, count: width), squares = means
        for row in rows { for index in 0..<width { means[index] += row[index] / Double(count) } }
        for row in rows {
            for index in 0..<width {
                let distance = row[index] - means[index]
                squares[index] += distance * distance / Double(count)
            }
        }
        let deviations = squares.map { $0 > 1e-18 ? $0.squareRoot() : 0 }
        (self.means, self.deviations) = (means, deviations)
        var cells: [Double] = []
        cells.reserveCapacity(width * count)
        for row in rows {
            for index in 0..<width {
                cells.append(deviations[index] > 0 ? (row[index] - means[index]) / deviations[index] : 0)
            }
        }
        self.cells = cells
        products = Self.products(cells, width, count)
    }

    private static func products(_ cells: [Double], _ width: Int, _ count: Int) -> [Double] {
        var sums = [Double](repeating: 0, count: width * width)
        for row in 0..<count {
            let base = row * width
            for i in 0..<width where cells[base + i] != 0 {
                let value = cells[base + i]
                for j in 0...i { sums[i * width + j] += value * cells[base + j] }
            }
        }
        for i in 0..<width { for j in 0..<i { sums[j * width + i] = sums[i * width + j] } }
        return sums
    }

    /// Returns the weights, and of each row the error of the model that has not seen it: `e / (1 − h)`, where `h` is
    /// how much the row weighs in its own value.
    func fit(_ values: [Double], _ strength: Double) -> (weights: [Double], residuals: [Double]) {
        guard width > 0, count > 0 else { return ([], values) }
        var matrix = products
        for index in 0..<width { matrix[index * width + index] += strength }
        let root = Cholesky(matrix, width)
        var target = [Double](repeating: 0, count: width)
        for row in 0..<count {
            for index in 0..<width { target[index] += cells[row * width + index] * values[row] }
        }
        let weights = root.solve(target)
        let residuals = (0..<count).map { row in
            let cells = Array(self.cells[row * width..<(row + 1) * width])
            var estimate = 0.0
            for index in 0..<width { estimate += weights[index] * cells[index] }
            // The mean is learned from the row, too.
            let own = root.square(of: cells) + 1 / Double(count)
            return (values[row] - estimate) / max(1 - own, 1e-6)
        }
        return (weights, residuals)
    }
}

/// The lower root `L` of a symmetric positive matrix `L·Lᵀ`.
private struct Cholesky {
    private let root: [Double], width: Int

    init(_ matrix: [Double], _ width: Int) {
        var root = matrix
        for i in 0..<width {
            for j in 0...i {
                var sum = matrix[i * width + j]
                for k in 0..<j { sum -= root[i * width + k] * root[j * width + k] }
                root[i * width + j] = i == j ? max(sum, 1e-12).squareRoot() : sum / root[j * width + j]
            }
        }
        (self.root, self.width) = (root, width)
    }

    private func forward(_ target: [Double]) -> [Double] {
        var found = target
        for i in 0..<width {
            for k in 0..<i { found[i] -= root[i * width + k] * found[k] }
            found[i] /= root[i * width + i]
        }
        return found
    }

    func solve(_ target: [Double]) -> [Double] {
        var found = forward(target)
        for i in stride(from: width - 1, through: 0, by: -1) {
            for k in (i + 1)..<width { found[i] -= root[k * width + i] * found[k] }
            found[i] /= root[i * width + i]
        }
        return found
    }

    /// `xᵀ·A⁻¹·x`.
    func square(of values: [Double]) -> Double { forward(values).reduce(0) { $0 + $1 * $1 } }
}
