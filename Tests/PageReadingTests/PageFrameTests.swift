import Annotations
import Testing

@testable import PageReading

@Suite
struct PageFrameTests {
    @Test(arguments: 0...3, [0, 2.5, -1])
    func leadsFromTheImageToTheLayoutAndBack(quarterTurns: Int, skewDegrees: Double) {
        let frame = PageFrame(imageWidth: 2000, imageHeight: 3000, quarterTurns: quarterTurns, skewDegrees: skewDegrees, scale: 2)
        let box = NormalizedBox(left: 0.25, top: 0.5, width: 0.001, height: 0.001)
        let layout = frame.layoutBox(box)
        let back = frame.normalized(
            left: Double(layout.left) * 2, top: Double(layout.top) * 2, right: Double(layout.right) * 2,
            bottom: Double(layout.bottom) * 2)
        #expect(abs(back.left - box.left) < 0.005)
        #expect(abs(back.top - box.top) < 0.005)
        #expect(back.width < 0.01 && back.height < 0.01)
    }

    @Test
    func putsTheTopLeftOfAPageTurnedOnceClockwiseAtTheImagesBottomLeft() {
        let frame = PageFrame(imageWidth: 100, imageHeight: 200, quarterTurns: 1, skewDegrees: 0, scale: 1)
        let box = frame.normalized(left: 0, top: 0, right: 20, bottom: 10)
        #expect(box == NormalizedBox(left: 0, top: 0.9, width: 0.1, height: 0.1))
    }
}
