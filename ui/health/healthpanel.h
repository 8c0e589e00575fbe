// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/connectionview.h"
#include "ui/shared/overlay.h"

#include <QPointer>

class QLabel;
class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace slotscope {

class HealthCard;

/// List of all findings, worst first, which explains the health pill. While open, it shows the latest state.
class HealthPanel final : public Overlay
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HealthPanel)
public:
    /// Placed below `anchor` in `host`.
    HealthPanel(const Theme &theme, QWidget *anchor, QWidget *host);

    void setConnection(slotscope::ConnectionView *view);
    [[nodiscard]] QList<HealthCard *> cards() const { return m_cards; }
    [[nodiscard]] QString toText() const; ///< all findings as plain text
    [[nodiscard]] QString summary() const;

Q_SIGNALS:
    void nodeRequested(const QByteArray &id);
    void slotsRequested(const slotscope::SlotSet &slotSet);
    void operationRequested(slotscope::ConnectionView *view, const slotscope::OperationDraft &draft);

protected:
    [[nodiscard]] QRect placeIn(const QRect &host) const override;
    void aboutToOpen() override;

private:
    QWidget *makeHead();
    void refresh();
    void updateCards(const ClusterView &view);
    void updateCalm();

    const Theme &m_theme;
    QWidget *m_anchor;
    QPointer<ConnectionView> m_view;
    QLabel *m_title, *m_summary, *m_calmIcon, *m_calmTitle, *m_calmText;
    QPushButton *m_copy;
    QScrollArea *m_scroll;
    QWidget *m_content, *m_calm;
    QVBoxLayout *m_layout;
    QList<HealthCard *> m_cards;
};

} // namespace slotscope
