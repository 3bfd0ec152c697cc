import Annotations
import Foundation

/// Where the layout image lies on the page image.
///
/// Three images share the page: the *image* as a browser shows it; the *upright* page, turned by quarters, in the same pixels;
/// and the *layout* image, the upright page made smaller and straightened by a few degrees about its middle.
struct PageFrame {
    /// Size of the image as a browser shows it.
    let imageWidth: Int
    let imageHeight: Int
    /// Clockwise quarter turns from the image to the upright page, 0...3.
    let quarterTurns: Int
    /// Clockwise, from the upright page to the layout.
    let skewDegrees: Double
    /// Upright pixels per layout pixel, at least 1.
    let scale: Double

    var uprightWidth: Int { quarterTurns % 2 == 0 ? imageWidth : imageHeight }
    var uprightHeight: Int { quarterTurns % 2 == 0 ? imageHeight : imageWidth }

    /// A point of the straightened page, in upright pixels, on the upright page as it was scanned.
    func scanned(x: Double, y: Double) -> (x: Double, y: Double) {
        let radians = skewDegrees * .pi / 180
        let (middleX, middleY) = (Double(uprightWidth) / 2, Double(uprightHeight) / 2)
        let (dx, dy) = (x - middleX, y - middleY)
        return (middleX + dx * cos(radians) + dy * sin(radians), middleY - dx * sin(radians) + dy * cos(radians))
    }

    /// The upright rectangle around a box of the straightened page, both in upright pixels.
    func scannedBounds(left: Double, top: Double, right: Double, bottom: Double) -> (
        left: Double, top: Double, right: Double, bottom: Double
    ) {
        let corners = [
            scanned(x: left, y: top), scanned(x: right, y: top), scanned(x: left, y: bottom), scanned(x: right, y: bottom),
        ]
        let xs = corners.map(\.x)
        let ys = corners.map(\.y)
        return (xs.min() ?? left, ys.min() ?? top, xs.max() ?? right, ys.max() ?? bottom)
    }

    /// Shares of the image as a browser shows it, from a box of the straightened page in upright pixels.
    func normalized(left: Double, top: Double, right: Double, bottom: Double) -> NormalizedBox {
        let bounds = scannedBounds(left: left, top: top, right: right, bottom: bottom)
        let (width, height) = (Double(uprightWidth), Double(uprightHeight))
        let (x0, x1) = (clamp(bounds.left / width), clamp(bounds.right / width))
        let (y0, y1) = (clamp(bounds.top / height), clamp(bounds.bottom / height))
        return switch quarterTurns {
        case 1: NormalizedBox(left: y0, top: 1 - x1, width: y1 - y0, height: x1 - x0)
        case 2: NormalizedBox(left: 1 - x1, top: 1 - y1, width: x1 - x0, height: y1 - y0)
        case 3: NormalizedBox(left: 1 - y1, top: x0, width: y1 - y0, height: x1 - x0)
        default: NormalizedBox(left: x0, top: y0, width: x1 - x0, height: y1 - y0)
        }
    }

    /// The box of the layout around a box of the image as a browser shows it.
    func layoutBox(_ box: NormalizedBox) -> PixelBox {
        let corners = [
            (box.left, box.top), (box.left + box.width, box.top), (box.left, box.top + box.height),
            (box.left + box.width, box.top + box.height),
        ]
        let points = corners.map { (x, y) -> (x: Double, y: Double) in
            let turned =
                switch quarterTurns {
                case 1: (1 - y, x)
                case 2: (1 - x, 1 - y)
                case 3: (y, 1 - x)
                default: (x, y)
                }
            return straightened(x: turned.0 * Double(uprightWidth), y: turned.1 * Double(uprightHeight))
        }
        let (xs, ys) = (points.map { $0.x / scale }, points.map { $0.y / scale })
        return PixelBox(
            left: Int((xs.min() ?? 0).rounded(.down)), top: Int((ys.min() ?? 0).rounded(.down)),
            right: Int((xs.max() ?? 0).rounded(.up)), bottom: Int((ys.max() ?? 0).rounded(.up)))
    }

    /// The inverse of ``scanned(x:y:)``.
    private func straightened(x: Double, y: Double) -> (x: Double, y: Double) {
        let radians = skewDegrees * .pi / 180
        let (middleX, middleY) = (Double(uprightWidth) / 2, Double(uprightHeight) / 2)
        let (dx, dy) = (x - middleX, y - middleY)
        return (middleX + dx * cos(radians) - dy * sin(radians), middleY + dx * sin(radians) + dy * cos(radians))
    }

    private func clamp(_ value: Double) -> Double { min(max(value, 0), 1) }
}
