import Anomaly
import Testing

@Suite struct FeatureTests {
  @Test func `a feature is found by the name of its column`() {
    for feature in Feature.allCases { #expect(Feature(name: feature.name) == feature) }
    #expect(Feature(name: "nothing") == nil)
    #expect(Feature.allCases.count == 29)
  }
}
