// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

class QWidget;

namespace slotscope {

class Page;
class PageContext;

/// Group of a page; the rail separates groups by a line.
enum class PageGroup : quint8 { Cluster, Data, Watching };

/// A page of the rail. pageInfos() is the only place where pages are registered.
struct PageInfo
{
    QString id; ///< stored in settings and used by --tour
    PageGroup group = PageGroup::Cluster;
    QString title;
    QString icon;
    Page *(*make)(PageContext &context, QWidget *parent);
};

/// All pages in the order of the rail and of Ctrl+1 … 9.
[[nodiscard]] QList<PageInfo> pageInfos();

} // namespace slotscope
