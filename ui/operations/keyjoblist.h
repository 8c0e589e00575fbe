// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shared/keyjobbook.h"

#include <QScrollArea>

class QVBoxLayout;

namespace slotscope {

class BulkStrip;
class PageContext;

/// The bulk jobs of all connections, one strip each: running jobs, even if their tab was closed, and finished ones that
/// the user has not dismissed. Hidden if there are none.
class KeyJobList final : public QScrollArea
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeyJobList)
public:
    explicit KeyJobList(PageContext &context, QWidget *parent = nullptr);

    [[nodiscard]] const QList<BulkStrip *> &strips() const { return m_strips; } ///< newest job first
    [[nodiscard]] QSize sizeHint() const override;

private:
    void takeBook();
    void update();

    PageContext &m_context;
    QPointer<KeyJobBook> m_book;
    QWidget *m_content;
    QVBoxLayout *m_layout;
    QList<BulkStrip *> m_strips;
};

} // namespace slotscope
