#pragma once
// Task<T>: a coroutine on an Asio executor. Everything that waits returns one.
//
// Lifetime  spawned Tasks take their arguments by value; references only where the caller awaits in place.
// Threads   a Task runs on the executor it was spawned on, and comes back to it after every co_await.

#include <boost/asio/awaitable.hpp>

namespace clarion {

namespace asio = boost::asio;

template <class T = void>
using Task = asio::awaitable<T>;

}  // namespace clarion
