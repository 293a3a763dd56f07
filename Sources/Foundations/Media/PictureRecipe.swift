package import JSON

/// Tells what a place takes that shows pictures, and how one is made to fit there: cut to a shape that is allowed,
/// made smaller, written as a type that is taken.
package struct PictureRecipe: Hashable, Sendable {
    /// The media types that are taken; pictures are written as JPEG or PNG.
    package let types: [String]
    package let bytesMax: Int
    /// Width divided by height; `nil`: any.
    package var ratio: ClosedRange<Double>?
    /// The longest side, in points; `nil`: any.
    package var sideMax: Int?
    package var pixelsMax: Int?

    package init(
        types: [String], bytesMax: Int, ratio: ClosedRange<Double>? = nil, sideMax: Int? = nil,
        pixelsMax: Int? = nil
    ) {
        (self.types, self.bytesMax, self.ratio) = (types, bytesMax, ratio)
        (self.sideMax, self.pixelsMax) = (sideMax, pixelsMax)
    }

    /// A size in points.
    package struct Shape: Hashable, Sendable {
        package let width: Int, height: Int

        package init(width: Int, height: Int) { (self.width, self.height) = (width, height) }
    }

    /// Returns whether a shape is taken as it is.
    package func takes(_ shape: Shape) -> Bool { shape.isWithin(ratio) && scale(of: shape) == 1 }

    /// Returns the shape that a picture gets; `nil` where more than half of it would be cut away.
    package func shape(of picture: Shape) -> Shape? {
        picture.cut(to: ratio).map { $0.scaled(by: scale(of: $0)) }
    }

    private func scale(of shape: Shape) -> Double {
        var scale = 1.0
        if let sideMax {
            scale = min(scale, Double(sideMax) / Double(max(shape.width, shape.height)))
        }
        if let pixelsMax {
            let pixels = Double(shape.width) * Double(shape.height)
            scale = min(scale, (Double(pixelsMax) / pixels).squareRoot())
        }
        return scale
    }

    // MARK: On its way to another process, and in the database

    package var json: JSON {
        [
            "types": JSON(types), "bytes_max": JSON(bytesMax), "ratio_min": Self.figure(ratio?.lowerBound),
            "ratio_max": Self.figure(ratio?.upperBound), "side_max": JSON(sideMax),
            "pixels_max": JSON(pixelsMax),
        ]
    }

    private static func figure(_ value: Double?) -> JSON { value.map { .number($0) } ?? .null }

    init?(_ json: JSON) {
        guard let types = json["types"]?.array?.compactMap(\.text), let most = json["bytes_max"]?.int else {
            return nil
        }
        self.init(types: types, bytesMax: Int(most))
        if let least = json["ratio_min"]?.double, let most = json["ratio_max"]?.double, least <= most {
            ratio = least...most
        }
        sideMax = json["side_max"]?.int.map { Int($0) }
        pixelsMax = json["pixels_max"]?.int.map { Int($0) }
    }
}

extension PictureRecipe.Shape {
    /// The least share of a picture that a cut has to leave: of less nobody would know it again.
    private static let shareMin = 0.5
    /// A point more or less by rounding is no other shape.
    private static let tolerance = 0.005

    /// Returns whether width divided by height is within bounds; `nil`: any.
    package func isWithin(_ ratio: ClosedRange<Double>?) -> Bool {
        guard let ratio else { return true }
        let own = Double(width) / Double(height)
        return own >= ratio.lowerBound - Self.tolerance && own <= ratio.upperBound + Self.tolerance
    }

    /// Returns the shape that is nearest within bounds; `nil` where more than half would be cut away.
    package func cut(to ratio: ClosedRange<Double>?) -> Self? {
        guard let ratio, !isWithin(ratio) else { return self }
        let isWide = Double(width) > Double(height) * ratio.upperBound
        let cut = Self(
            width: isWide ? max(1, Int(Double(height) * ratio.upperBound)) : width,
            height: isWide ? height : max(1, Int(Double(width) / ratio.lowerBound)))
        let share = Double(cut.width) * Double(cut.height) / (Double(width) * Double(height))
        return share >= Self.shareMin ? cut : nil
    }

    func scaled(by scale: Double) -> Self {
        guard scale < 1 else { return self }
        return Self(width: max(1, Int(Double(width) * scale)), height: max(1, Int(Double(height) * scale)))
    }
}
