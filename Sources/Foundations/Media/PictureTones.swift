internal import Glibc

/// The points of a picture, in which places like words are looked for: many short strokes beside one another, in one
/// tone on another. Words on a photograph have more than two tones, and nothing is said of them.
struct PictureTones {
    let width: Int, height: Int
    /// Red, green and blue of each point, row by row.
    let points: [UInt8]

    /// A change of fewer steps between two points is no edge, and a stroke is so wide at most.
    private static let edgeMin = 14, strokeMax = 24
    /// The side of a square in which strokes are counted, and how many make it a part of words.
    private static let side = 8, strokesMin = 4
    /// The largest distance between squares of one place.
    private static let reach = (x: 3, y: 1)
    /// The least that a place of words has: strokes, and points of width.
    private static let placeStrokes = 24, placeWidth = 24
    private static let placesMax = 20
    /// The share of a place's points that lie on the way from one of its two tones to the other, and how far off one
    /// may be.
    private static let shareMin = 0.85, distanceMax = 28.0
    /// Letters that are so high, as a part of the picture's width, are large on a telephone, too.
    private static let largeShare = 0.05

    /// The places that stand out too little, the faintest first.
    var faintWords: [FaintWords] {
        let strokes = StrokeCount(self)
        return strokes.places.compactMap { judged($0, strokes) }.filter { $0.ratio < $0.needed }
            .sorted { ($0.ratio, $0.y, $0.x) < ($1.ratio, $1.y, $1.x) }.prefix(Self.placesMax).map(\.self)
    }

    fileprivate typealias Colour = SIMD3<Double>

    fileprivate func colour(_ x: Int, _ y: Int) -> Colour {
        let place = (y * width + x) * 3
        return Colour(Double(points[place]), Double(points[place + 1]), Double(points[place + 2]))
    }

    // MARK: Two tones

    private struct Box {
        var x: Range<Int>, y: Range<Int>
    }

    /// `nil`: it has more than two tones, or hardly any of one.
    private func judged(_ cells: StrokeCount.Place, _ strokes: StrokeCount) -> FaintWords? {
        let box = Box(
            x: cells.x.lowerBound * Self.side..<min(cells.x.upperBound * Self.side, width),
            y: cells.y.lowerBound * Self.side..<min(cells.y.upperBound * Self.side, height))
        let ground = ground(of: box)
        guard let ink = ink(of: box, on: ground) else { return nil }
        let way = ink - ground, length = (way * way).sum()
        var (onWay, inked, all) = (0, 0, 0)
        for y in box.y {
            for x in box.x {
                let from = colour(x, y) - ground
                let share = min(max((from * way).sum() / length, 0), 1)
                let off = from - way * share
                all += 1
                if (off * off).sum() <= Self.distanceMax * Self.distanceMax { onWay += 1 }
                if share > 0.5 { inked += 1 }
            }
        }
        guard Double(onWay) >= Self.shareMin * Double(all), inked * 50 >= all, inked * 10 <= all * 6 else {
            return nil
        }
        let isLarge = Double(strokes.lineHeight(in: box.y, box.x)) >= Self.largeShare * Double(width)
        return FaintWords(
            x: box.x.lowerBound, y: box.y.lowerBound, width: box.x.count, height: box.y.count,
            ratio: (Self.contrast(ground, ink) * 100).rounded() / 100, needed: isLarge ? 3 : 4.5)
    }

    /// The colour that most of a place has.
    private func ground(of box: Box) -> Colour {
        var counts = [Int32](repeating: 0, count: 4096)
        func bin(_ x: Int, _ y: Int) -> Int {
            let place = (y * width + x) * 3
            return Int(points[place] >> 4) << 8 | Int(points[place + 1] >> 4) << 4
                | Int(points[place + 2] >> 4)
        }
        for y in box.y { for x in box.x { counts[bin(x, y)] += 1 } }
        let best = counts.indices.max { (counts[$0], $1) < (counts[$1], $0) } ?? 0
        var (sum, count) = (Colour.zero, 0.0)
        for y in box.y {
            for x in box.x where bin(x, y) == best {
                sum += colour(x, y)
                count += 1
            }
        }
        return sum / count
    }

    /// The colour of the strokes: that of the quarter of the other points that is furthest from the ground, since edges
    /// of letters are between the two.
    private func ink(of box: Box, on ground: Colour) -> Colour? {
        func distance(_ colour: Colour) -> Int {
            let off = colour - ground
            return Int(max(abs(off.x), abs(off.y), abs(off.z)))
        }
        var counts = [Int](repeating: 0, count: 256), all = 0
        for y in box.y {
            for x in box.x {
                let far = distance(colour(x, y))
                guard far >= Self.edgeMin / 2 else { continue }
                counts[far] += 1
                all += 1
            }
        }
        guard all > 0 else { return nil }
        var (least, seen) = (255, counts[255])
        while seen * 4 < all {
            least -= 1
            seen += counts[least]
        }
        var (sum, count) = (Colour.zero, 0.0)
        for y in box.y {
            for x in box.x {
                let colour = colour(x, y)
                guard distance(colour) >= least else { continue }
                sum += colour
                count += 1
            }
        }
        return sum / count
    }

    // MARK: WCAG

    /// The contrast of two colours as WCAG 2 has it.
    fileprivate static func contrast(_ one: Colour, _ other: Colour) -> Double {
        let lights = [luminance(one), luminance(other)].sorted()
        return (lights[1] + 0.05) / (lights[0] + 0.05)
    }

    private static func luminance(_ colour: Colour) -> Double {
        func linear(_ step: Double) -> Double {
            let part = step / 255
            return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear(colour.x) + 0.7152 * linear(colour.y) + 0.0722 * linear(colour.z)
    }

    // MARK: Strokes

    /// The strokes of a picture, counted in squares and row by row.
    fileprivate struct StrokeCount {
        struct Place {
            /// In squares.
            var x: Range<Int>, y: Range<Int>
        }

        private let columns: Int, rows: Int
        private var counts: [Int32]
        /// The strokes in each row of points of a column of squares.
        private var byRow: [Int32]
        private let height: Int

        init(_ picture: PictureTones) {
            columns = (picture.width + side - 1) / side
            rows = (picture.height + side - 1) / side
            height = picture.height
            counts = Array(repeating: 0, count: columns * rows)
            byRow = Array(repeating: 0, count: columns * picture.height)
            for y in 0..<picture.height { count(row: y, of: picture) }
        }

        private struct Edge {
            var x: Int, size: Int32, step: SIMD3<Int32>
        }

        /// A stroke is an edge, and soon one back.
        private mutating func count(row y: Int, of picture: PictureTones) {
            guard picture.width > 2 else { return }
            let start = y * picture.width * 3
            var last: Edge?, open: Edge?
            func step(_ x: Int) -> SIMD3<Int32> {
                let (one, other) = (start + (x - 1) * 3, start + (x + 1) * 3)
                return SIMD3(
                    Int32(picture.points[other]) - Int32(picture.points[one]),
                    Int32(picture.points[other + 1]) - Int32(picture.points[one + 1]),
                    Int32(picture.points[other + 2]) - Int32(picture.points[one + 2]))
            }
            for x in 1..<picture.width - 1 {
                let now = step(x), size = max(abs(now.x), abs(now.y), abs(now.z))
                let isEdge = size >= Int32(edgeMin)
                if let edge = open, !isEdge || (now &* edge.step).wrappedSum() < 0 {
                    if let before = last, edge.x - before.x <= strokeMax,
                        (edge.step &* before.step).wrappedSum() < 0
                    {
                        let column = (before.x + edge.x) / 2 / side
                        counts[y / side * columns + column] += 1
                        byRow[y * columns + column] += 1
                    }
                    (last, open) = (edge, nil)
                }
                guard isEdge else { continue }
                if open.map({ size > $0.size }) ?? true { open = Edge(x: x, size: size, step: now) }
            }
        }

        /// The places that have enough of them.
        var places: [Place] {
            var seen = [Bool](repeating: false, count: counts.count), found: [Place] = []
            for start in counts.indices where counts[start] >= Int32(strokesMin) && !seen[start] {
                var waiting = [start], place = Place(x: columns..<columns, y: rows..<rows), strokes = 0
                var (low, high) = ((x: columns, y: rows), (x: 0, y: 0))
                seen[start] = true
                while let cell = waiting.popLast() {
                    let (x, y) = (cell % columns, cell / columns)
                    strokes += Int(counts[cell])
                    low = (min(low.x, x), min(low.y, y))
                    high = (max(high.x, x), max(high.y, y))
                    for other in max(0, y - reach.y)...min(rows - 1, y + reach.y) {
                        for next in max(0, x - reach.x)...min(columns - 1, x + reach.x) {
                            let cell = other * columns + next
                            guard !seen[cell], counts[cell] >= Int32(strokesMin) else { continue }
                            seen[cell] = true
                            waiting.append(cell)
                        }
                    }
                }
                place = Place(x: low.x..<high.x + 1, y: low.y..<high.y + 1)
                if strokes >= placeStrokes, place.x.count * side >= placeWidth { found.append(place) }
            }
            return found
        }

        /// The usual height of a line of words, in points: of the rows that follow one another with strokes.
        func lineHeight(in y: Range<Int>, _ x: Range<Int>) -> Int {
            let cells = x.lowerBound / side..<(x.upperBound + side - 1) / side
            var heights: [Int] = [], run = 0
            for row in y {
                if cells.contains(where: { byRow[row * columns + $0] > 0 }) {
                    run += 1
                } else if run > 0 {
                    heights.append(run)
                    run = 0
                }
            }
            if run > 0 { heights.append(run) }
            return heights.isEmpty ? 0 : heights.sorted()[heights.count / 2]
        }
    }
}
