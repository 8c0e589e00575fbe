// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/spokenview.h"

#include <QAbstractScrollArea>
#include <QAccessibleWidget>
#include <QAction>
#include <QComboBox>
#include <QCoreApplication>
#include <QLineEdit>
#include <QMetaObject>
#include <QScrollArea>
#include <QToolButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

/// Accessible object for the current part of a view, which is the view's only child besides real widgets.
class PartFace final : public QAccessibleInterface
{
    Q_DISABLE_COPY_MOVE(PartFace)
public:
    PartFace(QWidget *view, const SpokenView *spoken) : m_view(view), m_spoken(spoken) { }
    ~PartFace() override = default;

    [[nodiscard]] bool isValid() const override { return true; }
    [[nodiscard]] QObject *object() const override { return nullptr; }
    [[nodiscard]] QAccessibleInterface *parent() const override
    {
        return QAccessible::queryAccessibleInterface(m_view);
    }
    [[nodiscard]] QAccessibleInterface *child(int) const override { return nullptr; }
    [[nodiscard]] QAccessibleInterface *childAt(int, int) const override { return nullptr; }
    [[nodiscard]] int childCount() const override { return 0; }
    [[nodiscard]] int indexOfChild(const QAccessibleInterface *) const override { return -1; }
    [[nodiscard]] QString text(QAccessible::Text text) const override
    {
        return text == QAccessible::Name ? m_spoken->spokenPart() : QString();
    }
    void setText(QAccessible::Text, const QString &) override { }
    [[nodiscard]] QRect rect() const override
    {
        const auto *area = qobject_cast<QAbstractScrollArea *>(m_view);
        const QWidget *of = area ? area->viewport() : m_view;
        const QRect rect = m_spoken->spokenPartRect();
        return rect.isEmpty() ? QRect() : QRect(of->mapToGlobal(rect.topLeft()), rect.size());
    }
    [[nodiscard]] QAccessible::Role role() const override { return m_spoken->spokenPartRole(); }
    [[nodiscard]] QAccessible::State state() const override
    {
        QAccessible::State state;
        state.focusable = true;
        state.selectable = true;
        state.focused = m_view->hasFocus();
        state.invisible = !m_view->isVisible();
        return state;
    }

private:
    QWidget *m_view;
    const SpokenView *m_spoken;
};

/// Accessible object for a widget of Slotscope that paints its content itself.
class PaintedFace final : public QAccessibleWidget
{
    Q_DISABLE_COPY_MOVE(PaintedFace)
public:
    explicit PaintedFace(QWidget *widget) : QAccessibleWidget(widget), m_spoken(dynamic_cast<SpokenView *>(widget)) { }

    [[nodiscard]] QAccessible::Role role() const override
    {
        if (m_spoken)
            return m_spoken->spokenRole();
        return widget()->findChild<QWidget *>(QString(), Qt::FindDirectChildrenOnly) ? QAccessible::Grouping
                                                                                     : QAccessible::Graphic;
    }
    [[nodiscard]] int childCount() const override { return QAccessibleWidget::childCount() + (hasPart() ? 1 : 0); }
    [[nodiscard]] QAccessibleInterface *child(int index) const override
    {
        return hasPart() && index == QAccessibleWidget::childCount() ? part() : QAccessibleWidget::child(index);
    }
    [[nodiscard]] int indexOfChild(const QAccessibleInterface *child) const override
    {
        return child && child == m_part ? QAccessibleWidget::childCount() : QAccessibleWidget::indexOfChild(child);
    }
    [[nodiscard]] QAccessibleInterface *focusChild() const override
    {
        return hasPart() && widget()->hasFocus() ? part() : QAccessibleWidget::focusChild();
    }

protected:
    ~PaintedFace() override
    {
        if (m_part)
            QAccessible::deleteAccessibleInterface(m_partId);
    }

private:
    [[nodiscard]] bool hasPart() const { return m_spoken && !m_spoken->spokenPart().isEmpty(); }
    [[nodiscard]] QAccessibleInterface *part() const
    {
        if (!m_part) {
            m_part = new PartFace(widget(), m_spoken);
            m_partId = QAccessible::registerAccessibleInterface(m_part);
        }
        return m_part;
    }

    SpokenView *m_spoken;
    mutable QAccessibleInterface *m_part = nullptr;
    mutable QAccessible::Id m_partId = 0;
};

/// Accessible object for a scroll area that takes the focus for scrolling: it needs a name.
class ScrollFace final : public QAccessibleWidget
{
    Q_DISABLE_COPY_MOVE(ScrollFace)
public:
    explicit ScrollFace(QWidget *area) : QAccessibleWidget(area, QAccessible::Pane) { }
    ~ScrollFace() override = default;

    [[nodiscard]] QString text(QAccessible::Text text) const override
    {
        const QString own = QAccessibleWidget::text(text);
        return own.isEmpty() && text == QAccessible::Name
            ? QCoreApplication::translate("slotscope::SpokenView", "Scrollable area")
            : own;
    }
};

/// Accessible object for the small buttons that Qt places in text fields and that only have an icon.
class FieldButtonFace final : public QAccessibleWidget
{
    Q_DISABLE_COPY_MOVE(FieldButtonFace)
public:
    explicit FieldButtonFace(QToolButton *button) : QAccessibleWidget(button, QAccessible::PushButton) { }
    ~FieldButtonFace() override = default;

    [[nodiscard]] QString text(QAccessible::Text text) const override
    {
        const QAction *action = static_cast<QToolButton *>(widget())->defaultAction();
        if (text != QAccessible::Name || !action)
            return QAccessibleWidget::text(text);
        return isClearing(*action) ? QCoreApplication::translate("slotscope::SpokenView", "Clear the field")
                                   : action->text();
    }
    [[nodiscard]] QAccessible::State state() const override
    {
        QAccessible::State state = QAccessibleWidget::state();
        const QAction *action = static_cast<QToolButton *>(widget())->defaultAction();
        if (action && !isClearing(*action) && action->text().isEmpty())
            state.invisible = true; // a decorative icon
        return state;
    }

private:
    /// Qt's own action made by setClearButtonEnabled.
    static bool isClearing(const QAction &action) { return action.objectName() == u"_q_qlineeditclearaction"; }
};

bool paintsItself(const QWidget *widget)
{
    const QLatin1StringView base(widget->metaObject()->superClass()->className());
    return base == "QWidget"_L1 || base == "QAbstractScrollArea"_L1 || base == "QCustomPlot"_L1;
}

QAccessibleInterface *makeFace(const QString &className, QObject *object)
{
    auto *widget = qobject_cast<QWidget *>(object);
    if (!widget || className != QLatin1StringView(object->metaObject()->className()))
        return nullptr;
    if (className == u"QLineEditIconButton")
        return new FieldButtonFace(static_cast<QToolButton *>(widget));
    if (qobject_cast<QScrollArea *>(widget))
        return new ScrollFace(widget);
    const bool isOurs = className.startsWith(u"slotscope::") && paintsItself(widget);
    return isOurs || dynamic_cast<SpokenView *>(widget) ? new PaintedFace(widget) : nullptr;
}

} // namespace

void SpokenView::tellPart(QWidget *view)
{
    if (!QAccessible::isActive())
        return;
    QAccessibleInterface *face = QAccessible::queryAccessibleInterface(view);
    if (!face)
        return;
    const auto *spoken = dynamic_cast<const SpokenView *>(view);
    const bool hasPart = spoken && !spoken->spokenPart().isEmpty();
    const int child = hasPart ? face->childCount() - 1 : -1; // -1: the view itself
    QAccessibleEvent renamed(view, QAccessible::NameChanged);
    renamed.setChild(child);
    QAccessible::updateAccessibility(&renamed);
    if (!view->hasFocus())
        return;
    QAccessibleEvent focused(view, QAccessible::Focus);
    focused.setChild(child);
    QAccessible::updateAccessibility(&focused);
}

void nameField(QWidget *field, const QString &name)
{
    field->setAccessibleName(name);
    if (const auto *box = qobject_cast<QComboBox *>(field); box && box->lineEdit())
        box->lineEdit()->setAccessibleName(name);
}

void installSpokenViews()
{
    QAccessible::installFactory(makeFace);
}

} // namespace slotscope
