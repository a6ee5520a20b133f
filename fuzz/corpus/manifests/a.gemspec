=== a.gemspec
Gem::Specification.new do |s|
  s.name = 'a'
  s.license = "MIT"
  s.add_dependency 'b', '~> 1.0'
  s.add_development_dependency("c", ">= 1", "< 3")
end
