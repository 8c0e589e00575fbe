// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

class QWidget;

namespace slotscope {

class Page;
class PageContext;

/// What a page is about; the rail parts them by a line.
enum class PageGroup : quint8 { Cluster, Data, Watching };

/// A page of the rail: the one place where pages are registered.
struct PageInfo
{
    QString id; ///< kept in settings and used by --tour
    PageGroup group = PageGroup::Cluster;
    QString title;
    QString icon;
    Page *(*make)(PageContext &context, QWidget *parent);
};

/// All pages, in the order of the rail and of Ctrl+1 … 9. Only pages that exist.
[[nodiscard]] QList<PageInfo> pageInfos();

} // namespace slotscope
