import ScenarioFiles
import Testing

@testable import CommandLineTool

/// Each shape is met by one curve and refused for another.
@Suite struct MeasuredCurveTests {
  private func objection(
    _ y: [Double], _ shape: MeasureExpectation.Shape, within: Double = 0
  ) -> String? {
    MeasuredCurve(x: y.indices.map(Double.init), y: y).objection(to: shape, within: within)
  }

  @Test func `rising and falling`() {
    #expect(objection([1, 2, 3], .rising) == nil)
    #expect(objection([1, 2, 2], .rising) != nil)
    #expect(objection([1, 2, 1.99], .rising, within: 0.01) == nil)
    #expect(objection([3, 2, 1], .falling) == nil)
    #expect(objection([3, 1, 2], .falling) != nil)
  }

  @Test func `flat and linear`() {
    #expect(objection([10, 10.1, 9.9], .flat, within: 0.02) == nil)
    #expect(objection([10, 11, 9], .flat, within: 0.02) != nil)
    #expect(objection([1, 3, 5, 7], .linear, within: 0.001) == nil)
    #expect(objection([1, 2, 4, 8], .linear, within: 0.05) != nil)
    #expect(objection([1, 2], .linear, within: 1) != nil, "two values prove nothing")
  }

  @Test func `valley and peak`() {
    #expect(objection([3, 1, 2], .valley) == nil)
    #expect(objection([1, 2, 3], .valley) != nil)
    #expect(objection([5, 1, 3, 2, 4], .valley) != nil)
    #expect(objection([1, 3, 2], .peak) == nil)
    #expect(objection([3, 1, 2], .peak) != nil)
    #expect(objection([1], .rising) != nil)
  }

  @Test func `a margin is Student's`() throws {
    let estimate = try #require(SampleEstimate.estimate([1, 2, 3]))
    #expect(estimate.mean == 2)
    let margin = try #require(estimate.margin)
    #expect(abs(margin - 4.303 / 3.0.squareRoot()) < 1e-9)
    #expect(SampleEstimate.estimate([5])?.margin == nil)
    #expect(SampleEstimate.estimate([]) == nil)
    #expect(SampleEstimate.studentQuantile(1_000) < SampleEstimate.studentQuantile(31))
  }
}
