// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QWidget>

class QGridLayout;
class QLabel;

namespace slotscope {

/// Names and values below each other. Values are updated in place; a fact without a value is hidden.
class FactsList final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FactsList)
public:
    enum class Form : quint8 {
        Text, ///< wraps
        Monospace, ///< a single line, elided in the middle
    };
    explicit FactsList(QWidget *parent = nullptr);

    /// Adds a row; `button` (may be null) is placed at its end.
    void addFact(const QString &key, const QString &label, Form form = Form::Text, QWidget *button = nullptr);
    void setFact(const QString &key, const QString &value, const char *tone = "");
    [[nodiscard]] QString fact(const QString &key) const;

private:
    struct Row
    {
        QLabel *label = nullptr;
        QLabel *value = nullptr;
        QWidget *button = nullptr;
    };
    QGridLayout *m_layout;
    QHash<QString, Row> m_rows;
};

} // namespace slotscope
