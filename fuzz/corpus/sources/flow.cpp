=== src/flow.cpp
#include <vector>
#include "x.hpp"
import m;
namespace a::b { using namespace std; template <typename T, int N = 1> requires C<T> class A final : public B<T>, private virtual D {
public:
  explicit A(int x = 0) noexcept : B<T>{x}, y_(new int[N]) {}
  virtual ~A() override = default; operator bool() const; A& operator=(A&&) = delete;
  auto f(const std::string& q) -> decltype(auto) {
    auto l = [=, this, &q]<class U>(U&&... u) mutable { return (u + ...); };
    try { system(("ls " + q).c_str()); } catch (const std::exception& e) { } catch (...) { throw; }
    for (auto& [k, v] : m) if constexpr (N > 1) co_return k <=> v; else delete[] y_;
    return reinterpret_cast<char*>(static_cast<T*>(nullptr)), R"x(raw)x", 1'000_u;
  }
private: int* y_ = nullptr; };
}
TEST(A, b) { EXPECT_EQ(1, 1); }
