// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>

#include <memory>

namespace slotscope {

/// Returns this thread's shared object for `key`. `make` creates it (a QObject with a stop()). When the last reference
/// is released, it is stopped at once and deleted from the event loop, because one of its own signals may have caused
/// the release.
template <typename T, typename Key, typename Make>
[[nodiscard]] std::shared_ptr<T> threadShared(const Key &key, Make make)
{
    static thread_local QHash<Key, std::weak_ptr<T>> all;
    if (std::shared_ptr<T> known = all.value(key).lock())
        return known;
    all.removeIf([](const auto &each) { return each.value().expired(); });
    std::shared_ptr<T> made(make(), [](T *unused) {
        unused->stop();
        unused->deleteLater();
    });
    all.insert(key, made);
    return made;
}

} // namespace slotscope
