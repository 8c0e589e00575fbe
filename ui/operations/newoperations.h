// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/operationwords.h"

#include <QAbstractButton>

class QGridLayout;
class QFrame;
class QLabel;

namespace slotscope {

class Theme;

/// Button for one operation: its name and what it does.
class OperationButton final : public QAbstractButton
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(OperationButton)
public:
    OperationButton(const Theme &theme, OperationInfo info, QWidget *parent = nullptr);
    void setReason(const QString &why); ///< why it cannot be started; empty: it can
    [[nodiscard]] const OperationInfo &info() const { return m_info; }
    [[nodiscard]] QSize sizeHint() const override { return {190, 46}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {120, 46}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    OperationInfo m_info;
};

/// All operations by group, as cards in as many columns as fit.
class NewOperations final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NewOperations)
public:
    explicit NewOperations(const Theme &theme, QWidget *parent = nullptr);
    /// `why`: why no operation can be started; `standalone`: only those that make sense without a cluster are enabled.
    void setReason(const QString &why, bool standalone);
    [[nodiscard]] OperationButton *button(Operation operation) const;
    [[nodiscard]] QString reason() const;

Q_SIGNALS:
    void chosen(slotscope::Operation operation);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void arrange();
    QFrame *makeCard(const Theme &theme, OperationInfo::Group group);

    QLabel *m_reason;
    QFrame *m_reasonCard;
    QWidget *m_cardsHolder;
    QGridLayout *m_grid;
    QList<QFrame *> m_cards;
    QList<OperationButton *> m_buttons;
    int m_columns = 0;
};

} // namespace slotscope
