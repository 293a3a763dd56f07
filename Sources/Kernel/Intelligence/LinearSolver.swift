internal import CLinear

/// Rows of few non-zero features each.
struct SparseMatrix {
    private(set) var columnCount: Int
    private(set) var starts: [Int] = [0]
    private(set) var columns: [Int32] = []
    private(set) var values: [Double] = []

    init(columnCount: Int) { self.columnCount = columnCount }

    var rowCount: Int { starts.count - 1 }

    mutating func appendRow(_ fill: (_ put: (Int, Double) -> Void) -> Void) {
        // Columns rise within a row, as liblinear wants them.
        fill { column, value in
            if value != 0 {
                columns.append(Int32(column))
                values.append(value)
            }
        }
        starts.append(columns.count)
    }

    func dot(_ row: Int, _ weights: [Double]) -> Double {
        var sum = 0.0
        for place in starts[row]..<starts[row + 1] { sum += values[place] * weights[Int(columns[place])] }
        return sum
    }
}

/// Weights of a linear model on the log-odds scale.
struct LinearFit {
    var weights: [Double]
    var intercept: Double

    func logit(_ matrix: SparseMatrix, row: Int) -> Double { intercept + matrix.dot(row, weights) }
}

/// L2-regularised logistic regression by liblinear (solver `L2R_LR`, a trust-region Newton method:
/// it draws no random numbers, so equal input gives equal weights).
enum LinearSolver {
    /// Fits the rows listed; both outcomes occur among them. The objective is ½|w|² + C·Σ log-loss,
    /// the intercept being all but free of the penalty.
    static func fit(_ matrix: SparseMatrix, _ outcomes: [Bool], rows: [Int], cost: Double) -> LinearFit {
        silence
        let biasColumn = Int32(matrix.columnCount + 1)
        let nodeCount = rows.reduce(0) { $0 + matrix.starts[$1 + 1] - matrix.starts[$1] + 2 }
        let nodes = UnsafeMutableBufferPointer<feature_node>.allocate(capacity: nodeCount)
        defer { nodes.deallocate() }
        let pointers = UnsafeMutableBufferPointer<UnsafeMutablePointer<feature_node>?>.allocate(
            capacity: rows.count)
        defer { pointers.deallocate() }
        var place = 0
        for (index, row) in rows.enumerated() {
            pointers[index] = nodes.baseAddress! + place
            for entry in matrix.starts[row]..<matrix.starts[row + 1] {
                nodes[place] = feature_node(index: matrix.columns[entry] + 1, value: matrix.values[entry])
                place += 1
            }
            nodes[place] = feature_node(index: biasColumn, value: bias)
            nodes[place + 1] = feature_node(index: -1, value: 0)
            place += 2
        }
        var labels = rows.map { outcomes[$0] ? 1.0 : -1.0 }
        var fit = labels.withUnsafeMutableBufferPointer { labels in
            var input = problem()
            input.l = Int32(rows.count)
            input.n = biasColumn
            input.y = labels.baseAddress
            input.x = pointers.baseAddress
            input.bias = bias
            var settings = parameter()
            settings.solver_type = Int32(L2R_LR)
            settings.C = cost
            settings.eps = 1e-6
            var model = train(&input, &settings)
            defer { free_and_destroy_model(&model) }
            // One weight per feature, for the class that liblinear counts first.
            let sign = model!.pointee.label[0] == 1 ? 1.0 : -1.0
            let weights = UnsafeBufferPointer(start: model!.pointee.w, count: Int(biasColumn))
            return LinearFit(
                weights: weights.dropLast().map { $0 * sign }, intercept: weights.last! * sign * bias)
        }
        centre(&fit, matrix, outcomes, rows)
        return fit
    }

    /// Large, so that the penalty on its weight hardly moves the intercept.
    private static let bias = 100.0

    /// Moves the intercept to where the mean probability is the share of positives.
    private static func centre(
        _ fit: inout LinearFit, _ matrix: SparseMatrix, _ outcomes: [Bool], _ rows: [Int]
    ) {
        let logits = rows.map { fit.logit(matrix, row: $0) }
        let positives = Double(rows.count { outcomes[$0] })
        var shift = 0.0
        for _ in 0..<50 {
            var excess = -positives, slope = 0.0
            for logit in logits {
                let probability = sigmoid(logit + shift)
                excess += probability
                slope += probability * (1 - probability)
            }
            let step = max(-2, min(2, excess / max(slope, 1e-9)))
            shift -= step
            if abs(step) < 1e-10 { break }
        }
        fit.intercept += shift
    }

    private static let silence: Void = set_print_string_function { _ in }
}
